package dev.steptrail.bench.agent;

import dev.steptrail.bench.DistinctScreens;
import dev.steptrail.bench.Jvm;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Bar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A whole agent with and without tracking, in turns, each time as a new process. */
public final class AgentBench implements AutoCloseable {
    public static final String DESCRIPTION =
            "An agent is a process with a heap of 256 MB and the serial collector that takes 100 steps of 200 ms, each with two"
                    + " distinct screens of 1080x2400 pixels, and asks no model but makes the request for one; a tracked one"
                    + " ships to a real queue and bucket, and finishes that when its time is taken. Resident memory is taken"
                    + " 12 s after all is shipped.";

    private static final int ROUNDS = 3;
    private static final int SCREENS = 200;
    private static final List<String> SMALL = List.of("-Xmx256m", "-XX:+UseSerialGC");
    private static final double KIBIBYTES = 1024;

    private final Path folder;
    private final Path screens;
    private final Jvm cloud;
    private final Map<String, String> environment;
    private int outboxes;

    /** Draws the screens and starts what tracked agents ship to. */
    public AgentBench() throws IOException {
        folder = Files.createTempDirectory("bench-agent");
        screens = Files.createDirectory(folder.resolve("screens"));
        DistinctScreens.in(screens, SCREENS);
        Path bucket = Files.createDirectory(folder.resolve("bucket"));
        cloud = new Jvm(CloudProcess.class, Jvm.everything(), Map.of(), List.of(), List.of(bucket.toString()));
        environment = cloud.told();
    }

    /** How long the agent takes, and what it holds; about six minutes. */
    public List<Measurement> run() throws IOException, InterruptedException {
        List<Map<String, String>> tracked = new ArrayList<>();
        List<Map<String, String>> bare = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            boolean trackedFirst = round % 2 == 0;
            if (trackedFirst) {
                tracked.add(agent("work", true));
            }
            bare.add(agent("work", false));
            if (!trackedFirst) {
                tracked.add(agent("work", true));
            }
        }
        double seconds = median(tracked, "work_millis") / 1000;
        double bareSeconds = median(bare, "work_millis") / 1000;
        Map<String, String> many = agent("many", true);
        return List.of(
                new Measurement("100 steps of an agent", "untracked", seconds, bareSeconds, "s", new Bar.AtMost(1.01)),
                memory("memory of that agent", tracked, bare, new Bar.AtMostMore(80)),
                memory(
                        "memory of an agent that does nothing",
                        List.of(agent("rest", true)),
                        List.of(agent("rest", false)),
                        new Bar.None()),
                new Measurement(
                        "memory after 50000 steps",
                        "after 5000",
                        median(List.of(many), "many_kib") / KIBIBYTES,
                        median(List.of(many), "some_kib") / KIBIBYTES,
                        "MiB",
                        new Bar.AtMost(1.1)));
    }

    private static Measurement memory(
            String name, List<Map<String, String>> tracked, List<Map<String, String>> bare, Bar bar) {
        double ours = median(tracked, "rest_kib") / KIBIBYTES;
        return new Measurement(name, "untracked", ours, median(bare, "rest_kib") / KIBIBYTES, "MiB", bar);
    }

    private Map<String, String> agent(String what, boolean tracked) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(what, screens.toString()));
        if (tracked) {
            arguments.add(folder.resolve("outbox-" + outboxes++).toString());
        }
        try (Jvm agent = new Jvm(AgentProcess.class, Jvm.agents(), environment, SMALL, arguments)) {
            Map<String, String> told = agent.told();
            agent.join();
            System.out.println((tracked ? "tracked " : "untracked ") + told);
            return told;
        }
    }

    private static double median(List<Map<String, String>> rounds, String name) {
        return Measurement.median(rounds.stream()
                .mapToDouble(told -> Double.parseDouble(told.getOrDefault(name, "NaN")))
                .toArray());
    }

    @Override
    public void close() throws IOException {
        cloud.close();
        DistinctScreens.remove(folder);
    }
}
