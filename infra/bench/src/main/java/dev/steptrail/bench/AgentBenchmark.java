package dev.steptrail.bench;

import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.shipper.fixture.LocalAws;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.commons.io.file.PathUtils;

/** Measures the overhead of Steptrail in a simulated agent. Each measurement starts a new process. */
public final class AgentBenchmark implements Benchmark {
    private static final int ROUNDS = 3;
    private static final int SCREENS = 200;
    private static final Path SHIPPER = Path.of("agent-client", "shipper", "target");

    /** The libraries that an agent embeds, and the classes of this module. */
    private static final String CLASS_PATH = String.join(
            File.pathSeparator,
            Path.of("infra", "bench", "target", "bench.jar").toString(),
            SHIPPER.resolve("shipper.jar").toString(),
            SHIPPER.resolve("lib").resolve("*").toString());

    private enum Tracking {
        NONE,
        OUTBOX_ONLY,
        SHIPPING
    }

    /** What one process measured. */
    private record Run(Tracking tracking, double workSeconds, double residentMib) {}

    @Override
    public List<Measurement> run(Rounds rounds) throws IOException {
        Path folder = Files.createTempDirectory("bench-agent");
        // The servers run in this process, so that their memory does not count as the agent's.
        Map<String, String> environment = new LocalAws().environment("STEPTRAIL_WEBP_METHOD", "");
        List<Run> runs = new ArrayList<>();
        try {
            Path screens = Files.createDirectory(folder.resolve("screens"));
            DistinctScreens.write(screens, rounds.quick() ? 10 : SCREENS);
            for (int round = 0; round < rounds.count(ROUNDS); round++) {
                for (Tracking tracking : Tracking.values()) {
                    List<String> arguments = tracking == Tracking.NONE
                            ? List.of(screens.toString())
                            : List.of(
                                    screens.toString(),
                                    folder.resolve("outbox-" + runs.size()).toString(),
                                    String.valueOf(tracking == Tracking.SHIPPING));
                    runs.add(run(tracking, environment, arguments));
                }
            }
        } finally {
            PathUtils.deleteDirectory(folder);
        }
        return List.of(
                row("agent loop, shipping", Tracking.SHIPPING, Run::workSeconds, "s", runs, Threshold.atMost(1.01)),
                row("memory, tracker alone", Tracking.OUTBOX_ONLY, Run::residentMib, "MiB", runs, plus(20)),
                row("memory, shipping", Tracking.SHIPPING, Run::residentMib, "MiB", runs, plus(115)));
    }

    private static Run run(Tracking tracking, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> smallHeap = List.of("-Xmx256m", "-XX:+UseSerialGC");
        try (Jvm agent = Jvm.start(AgentProcess.class.getName(), CLASS_PATH, environment, smallHeap, arguments)) {
            double workSeconds = Double.parseDouble(agent.awaitLine("work_s"));
            Run run = new Run(tracking, workSeconds, Double.parseDouble(agent.awaitLine("rss_mib")));
            System.out.println(run);
            return run;
        }
    }

    private static Threshold plus(int mebibytes) {
        return Threshold.atMost(1, mebibytes);
    }

    private static Measurement row(
            String name,
            Tracking tracking,
            ToDoubleFunction<Run> figure,
            String unit,
            List<Run> runs,
            Threshold threshold) {
        double value = median(runs, tracking, figure);
        return new Measurement(name, "untracked", value, median(runs, Tracking.NONE, figure), unit, threshold);
    }

    private static double median(List<Run> runs, Tracking tracking, ToDoubleFunction<Run> figure) {
        return Measurement.median(runs.stream()
                .filter(run -> run.tracking() == tracking)
                .mapToDouble(figure)
                .toArray());
    }
}
