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

/** Records runs, and ships them to a local cloud. */
final class RecordedRuns {
    private static final Duration FLUSH = Duration.ofMinutes(1);
    private static final Duration ARRIVAL = Duration.ofMinutes(2);

    private RecordedRuns() {}

    /** Records a run with a screen before and one after each step, and returns its task after all records have been delivered. */
    static String record(int steps, CloudServer cloud) throws Exception {
        Path screensFolder = Files.createDirectories(cloud.folder().resolve("screens-" + steps));
        Path outbox = cloud.folder().resolve("outbox-" + steps);
        List<Path> screens = DistinctScreens.in(screensFolder, 2 * steps);
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
                if (!tracker.flush(FLUSH)) {
                    throw new IOException("the tracker did not write its outbox within " + FLUSH);
                }
            }
            tracked.succeeded("done");
        }
        DistinctScreens.remove(screensFolder);
        try (Shipper shipper = Shipper.open(Outbox.in(outbox), ShipperSettings.from(cloud.environment()))
                .orElseThrow(() -> new IOException("another process ships " + outbox))) {
            shipper.shipAll();
        }
        awaitArrival(task, steps, cloud);
        return task;
    }

    private static void awaitArrival(String task, int steps, CloudServer cloud) throws Exception {
        String arrived = "SELECT count(*) FROM tasks WHERE task_id = '%s' AND total_steps = %d AND status = 'succeeded'"
                .formatted(task, steps);
        long deadline = System.nanoTime() + ARRIVAL.toNanos();
        while (cloud.postgres().number(arrived) == 0) {
            if (System.nanoTime() > deadline) {
                throw new IOException(steps + " steps did not arrive within " + ARRIVAL);
            }
            Thread.sleep(200);
        }
    }
}
