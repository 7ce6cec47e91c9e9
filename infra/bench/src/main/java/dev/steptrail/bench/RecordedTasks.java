package dev.steptrail.bench;

import dev.steptrail.shipper.Shipper;
import dev.steptrail.shipper.ShipperSettings;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackedTask;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Records tasks and ships them to a local cloud. */
final class RecordedTasks {
    private static final Duration FLUSH_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration ARRIVAL_TIMEOUT = Duration.ofMinutes(2);

    private RecordedTasks() {}

    /** Records a task with two screens per step, waits until it is stored, and returns its id. */
    static String record(int steps, CloudServer cloud) throws Exception {
        Path screensFolder = Files.createDirectories(cloud.folder().resolve("screens-" + steps));
        Path outbox = cloud.folder().resolve("outbox-" + steps);
        List<Path> screens = DistinctScreens.write(screensFolder, 2 * steps);
        String task;
        try (StepTracker tracker = StepTracker.builder(outbox)
                        .agent("bench")
                        .shipping(false)
                        .build();
                TrackedTask tracked = tracker.startTask(steps + " steps")) {
            task = tracked.id().toString();
            for (int step = 0; step < steps; step++) {
                tracked.record(StepData.action(Map.of("action", "Tap", "element", List.of(499, 842)))
                        .thinking(
                                "The slider is half way to the right. To turn the volume up I tap near its right end.")
                        .duration(Duration.ofMillis(3120))
                        .frame(FrameRole.BEFORE, Files.readAllBytes(screens.get(2 * step)), false)
                        .frame(FrameRole.AFTER, Files.readAllBytes(screens.get(2 * step + 1)), false)
                        .succeeded()
                        .build());
                if (!tracker.flush(FLUSH_TIMEOUT)) {
                    throw new IOException("the tracker did not write the step within " + FLUSH_TIMEOUT);
                }
            }
            tracked.succeeded("done");
        }
        TemporaryFolders.delete(screensFolder);
        try (Shipper shipper = Shipper.open(Outbox.open(outbox), ShipperSettings.from(cloud.environment()))
                .orElseThrow(() -> new IOException("another process ships " + outbox))) {
            shipper.shipAll();
        }
        awaitArrival(task, steps, cloud);
        return task;
    }

    private static void awaitArrival(String task, int steps, CloudServer cloud) throws Exception {
        String query = "SELECT count(*) FROM tasks WHERE task_id = '%s' AND total_steps = %d AND status = 'succeeded'"
                .formatted(task, steps);
        long deadline = System.nanoTime() + ARRIVAL_TIMEOUT.toNanos();
        while (cloud.postgres().queryNumber(query) == 0) {
            if (System.nanoTime() > deadline) {
                throw new IOException(steps + " steps did not arrive within " + ARRIVAL_TIMEOUT);
            }
            Thread.sleep(200);
        }
    }
}
