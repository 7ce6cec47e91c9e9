package dev.steptrail.bench.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An agent, as a process of its own, so that nothing is shared with what was measured before. It prints what it measured as
 * lines of a name and a number.
 */
final class AgentProcess {
    private static final int STEPS = 100;
    private static final long STEP_MILLIS = 200;

    /** Longer than idle threads of the shipper live. */
    private static final Duration REST = Duration.ofSeconds(12);

    private static final int BURST = 50;
    private static final long BURST_MILLIS = 25;
    private static final int STEPS_A_PICTURE = 500;

    private final List<Path> screens;
    private final Recording recording;
    private int seen;
    private long asked;

    private AgentProcess(List<Path> screens, Recording recording) {
        this.screens = screens;
        this.recording = recording;
    }

    /**
     * Runs an agent.
     *
     * @param arguments what to do (rest, work, or work and record many), the folder of the screens, and for a tracked agent
     *     that of the outbox
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Path> screens = in(Path.of(arguments[1]));
        long begun = System.nanoTime();
        try (Recording recording = arguments.length < 3 ? new Recording.Bare() : new Tracked(Path.of(arguments[2]))) {
            AgentProcess agent = new AgentProcess(screens, recording);
            if (!arguments[0].equals("rest")) {
                agent.work();
                tell("work_millis", (System.nanoTime() - begun) / 1_000_000);
                agent.askOn();
                tell("asked_bytes", agent.asked);
            }
            agent.rest("rest_kib");
            if (arguments[0].equals("many")) {
                agent.record(5_000);
                agent.rest("some_kib");
                agent.record(45_000);
                agent.rest("many_kib");
            }
        }
    }

    private static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** An agent's loop. What is not shipped when it ends is left to be shipped. */
    private void work() throws IOException, InterruptedException {
        for (int step = 0; step < STEPS; step++) {
            byte[] before = nextScreen();
            ask(before);
            TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
            byte[] after = nextScreen();
            recording.step(before, after);
        }
    }

    /**
     * Asks on until its own garbage has filled the young part of the heap, as that of any agent has after some minutes: the
     * tracker is to answer for what it holds, not for having come first.
     */
    private void askOn() throws IOException {
        for (int i = 0; i < STEPS; i++) {
            ask(nextScreen());
        }
    }

    /** As agents ask their models: with the screen as base64 text in JSON. */
    private void ask(byte[] screen) {
        String request = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":"
                + "{\"url\":\"data:image/png;base64," + Base64.getEncoder().encodeToString(screen) + "\"}}]}]}";
        asked += request.getBytes(StandardCharsets.UTF_8).length;
    }

    /** What the process holds when all is shipped and it has nothing to do. */
    private void rest(String name) throws IOException, InterruptedException {
        recording.awaitShipped();
        TimeUnit.NANOSECONDS.sleep(REST.toNanos());
        tell(name, ResidentMemory.kibibytes());
    }

    private void record(int steps) throws IOException, InterruptedException {
        for (int step = 1; step <= steps; step++) {
            if (step % STEPS_A_PICTURE == 0) {
                recording.step(nextScreen(), nextScreen());
            } else {
                recording.step();
            }
            if (step % BURST == 0) {
                TimeUnit.MILLISECONDS.sleep(BURST_MILLIS);
            }
        }
    }

    private byte[] nextScreen() throws IOException {
        return Files.readAllBytes(screens.get(seen++ % screens.size()));
    }

    private static void tell(String name, long value) {
        System.out.println(name + " " + value);
    }
}
