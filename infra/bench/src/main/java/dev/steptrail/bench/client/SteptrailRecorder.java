package dev.steptrail.bench.client;

import dev.steptrail.bench.TemporaryFolders;
import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackedTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The Steptrail tracker with an outbox on disk. */
final class SteptrailRecorder implements Recorder {
    private final Path outbox;
    private final StepTracker tracker;
    private final TrackedTask task;
    private final StepData prebuilt;

    SteptrailRecorder() throws IOException {
        outbox = Files.createTempDirectory("bench-outbox");
        tracker = StepTracker.builder(outbox)
                .maxQueuedSteps(CAPACITY)
                .shipping(false)
                .build();
        task = tracker.startTask("a task");
        prebuilt = createStep();
    }

    private static StepData createStep() {
        return StepData.action(Map.of("action", "Tap", "element", List.of(499, 842)))
                .thinking(THINKING)
                .duration(Duration.ofMillis(3120))
                .succeeded()
                .build();
    }

    @Override
    public void record() {
        task.record(prebuilt);
    }

    @Override
    public void buildAndRecord() {
        task.record(createStep());
    }

    @Override
    public long processedCount() {
        return tracker.stats().written();
    }

    @Override
    public void close() throws IOException {
        tracker.close();
        TemporaryFolders.delete(outbox);
    }
}
