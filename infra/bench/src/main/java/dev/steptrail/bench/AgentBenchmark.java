package dev.steptrail.bench;

import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.shipper.fixture.LocalAws;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        Path folder = Files.createTempDirectory("bench-agent");
        try {
            Path screens = Files.createDirectory(folder.resolve("screens"));
            DistinctScreens.write(screens, rounds.quick() ? 10 : SCREENS);
            // The servers run in this process, so that they take no time of the agent's threads.
            Map<String, String> environment = new LocalAws().environment("STEPTRAIL_WEBP_METHOD", "");
            double[] seconds = rounds.measureMedians(
                    0,
                    ROUNDS,
                    () -> measureLoop(environment, screens, Files.createTempDirectory(folder, "outbox")),
                    () -> measureLoop(Map.of(), screens));
            return List.of(new Measurement(
                    "agent loop, shipping", "untracked", seconds[0], seconds[1], "s", Threshold.atMost(1.01)));
        } finally {
            PathUtils.deleteDirectory(folder);
        }
    }

    /** Returns the seconds that an agent with these arguments needs for all its steps. */
    private static double measureLoop(Map<String, String> environment, Path... arguments) throws IOException {
        List<String> smallHeap = List.of("-Xmx256m", "-XX:+UseSerialGC");
        List<String> paths = Stream.of(arguments).map(Path::toString).toList();
        try (Jvm agent = Jvm.start(AgentProcess.class.getName(), CLASS_PATH, environment, smallHeap, paths)) {
            return Double.parseDouble(agent.awaitLine("work_s"));
        }
    }
}
