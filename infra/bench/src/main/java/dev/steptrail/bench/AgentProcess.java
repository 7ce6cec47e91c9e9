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
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Runs a simulated agent in a separate process, so that measurements share no state. Prints the duration of its loop,
 * with tracking after all steps were delivered. Without tracking it loads no Steptrail class.
 */
final class AgentProcess {
    private static final int STEPS = 100;
    private static final long STEP_MILLIS = 150;
    private static final Duration DELIVERY_TIMEOUT = Duration.ofMinutes(2);

    private final List<Path> screens;
    private int nextScreen;

    private AgentProcess(List<Path> screens) {
        this.screens = screens;
    }

    /**
     * Runs an agent.
     *
     * @param arguments the folder of the screens, and for tracking also the outbox folder
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        AgentProcess agent;
        try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
            agent = new AgentProcess(files.sorted().toList());
        }
        long startNanos = System.nanoTime();
        if (arguments.length == 1) {
            agent.work((before, after) -> {});
            printDuration(System.nanoTime() - startNanos);
            return;
        }
        try (StepTracker tracker =
                StepTracker.builder(Path.of(arguments[1])).agent("bench").build()) {
            TrackedTask task = tracker.startTask("set the volume to the maximum");
            agent.work((before, after) -> task.record(createStep(before, after)));
            long nanos = System.nanoTime() - startNanos;
            task.succeeded(null);
            awaitDelivered(tracker);
            printDuration(nanos);
        }
    }

    private static void printDuration(long nanos) {
        System.out.println("work_s " + nanos / 1e9);
    }

    /** Works step by step, and passes the screens before and after each step to the recorder. */
    private void work(BiConsumer<byte[], byte[]> recorder) throws IOException, InterruptedException {
        for (int step = 0; step < STEPS; step++) {
            byte[] before = readNextScreen();
            encodeRequest(before);
            TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
            recorder.accept(before, readNextScreen());
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

    private static StepData createStep(byte[] before, byte[] after) {
        return StepData.action(Map.of("action", "Tap", "element", List.of(499, 842)))
                .thinking("The slider is half way to the right. To turn the volume up I tap near its right end.")
                .duration(Duration.ofMillis(3120))
                .frame(FrameRole.BEFORE, before, false)
                .frame(FrameRole.AFTER, after, false)
                .succeeded()
                .build();
    }

    /** Waits for all steps. Fails if steps or screenshots were dropped, because dropping is cheaper than recording. */
    private static void awaitDelivered(StepTracker tracker) throws InterruptedException {
        long deadline = System.nanoTime() + DELIVERY_TIMEOUT.toNanos();
        TrackerStats stats = tracker.stats();
        while (Objects.requireNonNullElse(stats.shipped(), 0L) < STEPS) {
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
}
