package dev.steptrail.bench.agent;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackedTask;
import dev.steptrail.tracker.TrackerStats;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A tracker with all its defaults, and the shipper that it finds on the class path. */
final class Tracked implements Recording {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final StepTracker tracker;
    private final TrackedTask task;
    private long recorded;

    Tracked(Path outbox) {
        tracker = StepTracker.builder(outbox).agent("bench").build();
        task = tracker.startTask("set the volume to the maximum");
    }

    @Override
    public void step(byte[] before, byte[] after) {
        record(tap().frame(FrameRole.BEFORE, before, false).frame(FrameRole.AFTER, after, false));
    }

    @Override
    public void step() {
        record(tap());
    }

    private static StepData.Builder tap() {
        return StepData.action(Map.of("action", "Tap", "element", List.of(499, 842)))
                .thinking("The slider is half way to the right. To turn the volume up I tap near its right end.")
                .duration(Duration.ofMillis(3120))
                .succeeded();
    }

    private void record(StepData.Builder step) {
        task.record(step.build());
        recorded++;
    }

    /** Fails if a step or a picture was dropped: what is dropped costs nothing. */
    @Override
    public void awaitShipped() throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        TrackerStats stats = tracker.stats();
        while (stats.shipped() == null || stats.shipped() < recorded) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("of " + recorded + " steps not all are shipped: " + stats);
            }
            TimeUnit.MILLISECONDS.sleep(50);
            stats = tracker.stats();
        }
        if (!stats.droppedSteps().isEmpty() || !stats.droppedScreenshots().isEmpty()) {
            throw new IllegalStateException("something was dropped: " + stats);
        }
    }

    @Override
    public void close() {
        task.succeeded(null);
        tracker.close();
    }
}
