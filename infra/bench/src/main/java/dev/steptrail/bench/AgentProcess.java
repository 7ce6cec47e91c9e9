package dev.steptrail.bench;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackedTask;
import dev.steptrail.tracker.TrackerStats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a simulated agent in a separate process, so that measurements share no state. Prints one line per figure, with a
 * name and a number. Without tracking it loads no Steptrail class.
 */
final class AgentProcess {
    static final int STEPS = 100;
    static final long STEP_MILLIS = 150;

    /** Longer than the keep-alive time of the shipper's idle threads, so that they have ended before memory is read. */
    static final Duration SETTLE_TIME = Duration.ofSeconds(12);

    private final List<Path> screens;
    private int nextScreen;

    private AgentProcess(List<Path> screens) {
        this.screens = screens;
    }

    /**
     * Runs an agent.
     *
     * @param arguments the folder of the screens; for tracking also the outbox folder and whether to ship
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Path> screens;
        try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
            screens = files.sorted().toList();
        }
        long start = System.nanoTime();
        try (Recorder recorder = arguments.length == 1
                ? null
                : new Recorder(Path.of(arguments[1]), Boolean.parseBoolean(arguments[2]))) {
            AgentProcess agent = new AgentProcess(screens);
            agent.work(recorder);
            System.out.println("work_s " + (System.nanoTime() - start) / 1e9);
            // Fills the young generation, so that it has the same size with and without tracking.
            for (int i = 0; i < STEPS; i++) {
                encodeRequest(agent.readNextScreen());
            }
            if (recorder != null) {
                recorder.awaitDelivered();
            }
            TimeUnit.NANOSECONDS.sleep(SETTLE_TIME.toNanos());
            long pid = ProcessHandle.current().pid();
            System.out.println("rss_mib " + ProcessMemory.mebibytes(pid, "Rss"));
        }
    }

    private void work(@Nullable Recorder recorder) throws IOException, InterruptedException {
        for (int step = 0; step < STEPS; step++) {
            byte[] before = readNextScreen();
            encodeRequest(before);
            TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
            byte[] after = readNextScreen();
            if (recorder != null) {
                recorder.step(before, after);
            }
        }
    }

    /** Encodes a model request, which contains the screen as base64 text in JSON. */
    private static byte[] encodeRequest(byte[] screen) {
        String request = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":"
                + "{\"url\":\"data:image/png;base64," + Base64.getEncoder().encodeToString(screen) + "\"}}]}]}";
        return request.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] readNextScreen() throws IOException {
        return Files.readAllBytes(screens.get(nextScreen++ % screens.size()));
    }

    /** Records with a tracker with default settings. If {@code ships}, it uses the shipper on the class path. */
    private static final class Recorder implements AutoCloseable {
        private static final Duration DELIVERY_TIMEOUT = Duration.ofMinutes(2);

        private final StepTracker tracker;
        private final TrackedTask task;
        private final boolean ships;

        Recorder(Path outbox, boolean ships) {
            this.ships = ships;
            tracker = StepTracker.builder(outbox).agent("bench").shipping(ships).build();
            task = tracker.startTask("set the volume to the maximum");
        }

        void step(byte[] before, byte[] after) {
            task.record(StepData.action(Map.of("action", "Tap", "element", List.of(499, 842)))
                    .thinking("The slider is half way to the right. To turn the volume up I tap near its right end.")
                    .duration(Duration.ofMillis(3120))
                    .frame(FrameRole.BEFORE, before, false)
                    .frame(FrameRole.AFTER, after, false)
                    .succeeded()
                    .build());
        }

        /** Waits for all steps. Fails if some or screenshots were dropped, because dropping is cheaper than recording. */
        void awaitDelivered() throws InterruptedException {
            long deadline = System.nanoTime() + DELIVERY_TIMEOUT.toNanos();
            TrackerStats stats = tracker.stats();
            while (countDelivered(stats) < STEPS) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("not all of " + STEPS + " steps were delivered: " + stats);
                }
                TimeUnit.MILLISECONDS.sleep(50);
                stats = tracker.stats();
            }
            if (!stats.droppedSteps().isEmpty() || !stats.droppedScreenshots().isEmpty()) {
                throw new IllegalStateException("steps or screenshots were dropped: " + stats);
            }
        }

        private long countDelivered(TrackerStats stats) {
            Long shipped = stats.shipped();
            return ships ? (shipped == null ? 0 : shipped) : stats.written();
        }

        @Override
        public void close() {
            task.succeeded(null);
            tracker.close();
        }
    }
}
