package dev.steptrail.bench;

import dev.steptrail.bench.Measurement.Threshold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Measures the overhead of Steptrail in a simulated agent. Each measurement starts a new process. */
public final class AgentBenchmark implements Benchmark {
    private static final int ROUNDS = 3;
    private static final int SCREENS = 200;
    private static final List<String> SMALL_HEAP = List.of("-Xmx256m", "-XX:+UseSerialGC");

    private enum Tracking {
        NONE,
        OUTBOX_ONLY,
        SHIPPING
    }

    @Override
    public String description() {
        return "An agent with a heap of 256 MB and the serial collector takes " + AgentProcess.STEPS + " steps of "
                + AgentProcess.STEP_MILLIS + " ms, each with two different screens of 1080x2400 pixels. It encodes"
                + " the request to a model for each step, but does not send it. The shipper sends to an SQS and an S3"
                + " server in another process. The baseline is the same agent without tracking. Resident memory is"
                + " read " + AgentProcess.SETTLE_TIME.toSeconds() + " s after delivery, when garbage has filled the"
                + " young generation in all cases. It is measured for the tracker alone (outbox only) and for"
                + " shipping in the agent's process.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bench-agent");
        Path bucket = Files.createDirectory(folder.resolve("bucket"));
        Path screens = Files.createDirectory(folder.resolve("screens"));
        DistinctScreens.write(screens, rounds.quick() ? 10 : SCREENS);
        Map<Tracking, List<Map<String, String>>> reports = new EnumMap<>(Tracking.class);
        try (Jvm cloud = Jvm.server(QueueAndBucketProcess.class, List.of(bucket.toString()))) {
            Map<String, String> environment = cloud.readReport();
            int count = rounds.count(ROUNDS);
            for (int run = 0; run < count * Tracking.values().length; run++) {
                Tracking tracking = Tracking.values()[run % Tracking.values().length];
                List<String> arguments = new ArrayList<>(List.of(screens.toString()));
                if (tracking != Tracking.NONE) {
                    arguments.add(folder.resolve("outbox-" + run).toString());
                    arguments.add(String.valueOf(tracking == Tracking.SHIPPING));
                }
                try (Jvm agent = Jvm.agent(AgentProcess.class, environment, SMALL_HEAP, arguments)) {
                    Map<String, String> report = agent.readReport();
                    agent.join();
                    System.out.println(tracking + " " + report);
                    reports.computeIfAbsent(tracking, any -> new ArrayList<>()).add(report);
                }
            }
        } finally {
            TemporaryFolders.delete(folder);
        }
        return List.of(
                row("agent loop, shipping", Tracking.SHIPPING, "work_s", "s", reports, Threshold.atMost(1.01)),
                row("memory, tracker alone", Tracking.OUTBOX_ONLY, "rss_mib", "MiB", reports, Threshold.atMost(1, 20)),
                row("memory, shipping", Tracking.SHIPPING, "rss_mib", "MiB", reports, Threshold.atMost(1, 115)));
    }

    private static Measurement row(
            String name,
            Tracking tracking,
            String figure,
            String unit,
            Map<Tracking, List<Map<String, String>>> reports,
            Threshold threshold) {
        return new Measurement(
                name,
                "untracked",
                median(reports.getOrDefault(tracking, List.of()), figure),
                median(reports.getOrDefault(Tracking.NONE, List.of()), figure),
                unit,
                threshold);
    }

    private static double median(List<Map<String, String>> reports, String figure) {
        return Measurement.median(reports.stream()
                .mapToDouble(report -> Double.parseDouble(report.getOrDefault(figure, "NaN")))
                .toArray());
    }
}
