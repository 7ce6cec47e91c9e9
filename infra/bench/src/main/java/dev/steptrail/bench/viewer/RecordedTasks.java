package dev.steptrail.bench.viewer;

import dev.steptrail.bench.DistinctScreens;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;

/** Records tasks and ships them to a local cloud. */
final class RecordedTasks {
    private static final Duration FLUSH_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration ARRIVAL_TIMEOUT = Duration.ofMinutes(2);

    private RecordedTasks() {}

    /** Records tasks with two screens per step, waits until they are stored, and returns their ids. */
    static List<String> record(int tasks, int steps, CloudServer cloud) throws Exception {
        Path screensFolder = Files.createDirectories(cloud.folder().resolve("screens-" + steps));
        Path outbox = cloud.folder().resolve("outbox-" + steps);
        List<Path> screens = DistinctScreens.write(screensFolder, tasks * steps * 2);
        List<String> ids = new ArrayList<>();
        try (StepTracker tracker =
                StepTracker.builder(outbox).agent("bench").shipping(false).build()) {
            for (int task = 0; task < tasks; task++) {
                List<Path> screensOfTask = screens.subList(task * steps * 2, (task + 1) * steps * 2);
                ids.add(record("Task " + (task + 1) + " with " + steps + " steps", screensOfTask, tracker));
            }
        }
        PathUtils.deleteDirectory(screensFolder);
        try (Shipper shipper = Shipper.open(Outbox.open(outbox), ShipperSettings.from(cloud.environment()))
                .orElseThrow(() -> new IOException("another process ships " + outbox))) {
            shipper.shipAll();
        }
        for (String id : ids) {
            awaitArrival(id, steps, cloud);
        }
        return ids;
    }

    private static String record(String name, List<Path> screens, StepTracker tracker) throws Exception {
        try (TrackedTask tracked = tracker.startTask(name)) {
            for (int screen = 0; screen < screens.size(); screen += 2) {
                tracked.record(StepData.action(Map.of("action", "Tap", "element", List.of(499, 842)))
                        .thinking(
                                "The slider is half way to the right. To turn the volume up I tap near its right end.")
                        .duration(Duration.ofMillis(3120))
                        .frame(FrameRole.BEFORE, Files.readAllBytes(screens.get(screen)), false)
                        .frame(FrameRole.AFTER, Files.readAllBytes(screens.get(screen + 1)), false)
                        .succeeded()
                        .build());
                if (!tracker.flush(FLUSH_TIMEOUT)) {
                    throw new IOException("the tracker did not write the step within " + FLUSH_TIMEOUT);
                }
            }
            tracked.succeeded("done");
            return tracked.id().toString();
        }
    }

    private static void awaitArrival(String task, int steps, CloudServer cloud) throws Exception {
        long deadline = System.nanoTime() + ARRIVAL_TIMEOUT.toNanos();
        String body = "";
        while (!body.contains("\"status\":\"succeeded\"") || !body.contains("\"total_steps\":" + steps + ",")) {
            if (System.nanoTime() > deadline) {
                throw new IOException(steps + " steps did not arrive within " + ARRIVAL_TIMEOUT + ": " + body);
            }
            Thread.sleep(200);
            body = cloud.request("/api/tasks/" + task).body();
        }
    }

    /** Returns the stored files of a task's screenshots, in the bucket of the local cloud. */
    static List<Path> storedScreens(String task, CloudServer cloud) throws IOException {
        Path buckets = cloud.folder().resolve("data").resolve("buckets");
        try (Stream<Path> files = Files.walk(buckets)) {
            return files.filter(file -> file.toString().contains(task))
                    .filter(file -> file.toString().matches(".*(?<!thumbnail)\\.webp"))
                    .toList();
        }
    }
}
