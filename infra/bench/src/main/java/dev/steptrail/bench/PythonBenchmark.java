package dev.steptrail.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.shipper.fixture.LocalAws;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.file.PathUtils;

/** Measures what recording costs a Python agent. Runs {@code measure.py} in a virtual environment, which is reused. */
public final class PythonBenchmark implements Benchmark {
    private static final int ROUNDS = 7;
    private static final Path ENVIRONMENT = Path.of("infra", "bench", "target", "python");
    private static final String PYTHON =
            ENVIRONMENT.resolve("bin").resolve("python").toString();
    private static final Path PROGRAMS = Path.of("infra", "bench", "python");
    private static final Path PACKAGE = Path.of("agent-client", "python");
    private static final String COMMAND_LINE =
            Path.of("agent-client", "cli", "target", "lib", "*").toString();
    private static final String SPAN = "span of Langfuse";
    private static final String COPY = "copy of the bytes";

    /** In milliseconds. */
    private static final Threshold IMPORT_THRESHOLD = Threshold.atMost(1, 50);

    private String versions = "";

    @Override
    public String versions() {
        return versions;
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        Path outbox = Files.createTempDirectory("bench-python");
        try {
            installPackages();
            return measure(outbox, rounds.count(ROUNDS));
        } finally {
            PathUtils.deleteDirectory(outbox);
        }
    }

    private List<Measurement> measure(Path outbox, int rounds) throws IOException, InterruptedException {
        Map<String, String> environment = new LocalAws().environment("STEPTRAIL_WEBP_METHOD", "");
        List<String> ship = List.of("ship", "--outbox", outbox.toString());
        JsonNode report;
        Jvm shipper = Jvm.start("dev.steptrail.cli.Steptrail", COMMAND_LINE, environment, List.of(), ship);
        try {
            Process program = new ProcessBuilder(
                            PYTHON,
                            PROGRAMS.resolve("measure.py").toString(),
                            "--outbox",
                            outbox.toString(),
                            "--rounds",
                            String.valueOf(rounds))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            report = new JsonMapper().readTree(program.getInputStream());
            if (program.waitFor() != 0) {
                throw new IOException("measure.py exited with code " + program.exitValue());
            }
        } finally {
            shipper.close();
        }
        versions = ", Langfuse's SDK " + report.path("langfuse").asText() + ", Python "
                + report.path("python").asText();
        JsonNode medians = report.path("medians");
        return List.of(
                row("a step, in bursts", SPAN, medians.path("burst"), "µs", Threshold.atMost(1.0)),
                row("a step, one in 5 ms", SPAN, medians.path("paced"), "µs", Threshold.atMost(1.0)),
                row("a step with a PNG, in bursts", COPY, medians.path("screen_burst"), "µs", Threshold.atMost(2.0)),
                row("a step with a PNG, one in 5 ms", COPY, medians.path("screen_paced"), "µs", Threshold.atMost(2.0)),
                row("import steptrail", "bare interpreter", medians.path("import"), "ms", IMPORT_THRESHOLD),
                row("import the recorder", "bare interpreter", medians.path("import_recorder"), "ms", IMPORT_THRESHOLD),
                row("agent loop", "untracked", medians.path("loop"), "s", Threshold.atMost(1.01)));
    }

    private static Measurement row(String name, String baseline, JsonNode medians, String unit, Threshold threshold) {
        return new Measurement(
                name,
                baseline,
                medians.path("steptrail").asDouble(Double.NaN),
                medians.path("baseline").asDouble(Double.NaN),
                unit,
                threshold);
    }

    /** Creates the environment if it does not exist. Installs what is missing, and this checkout's package. */
    private static void installPackages() throws IOException, InterruptedException {
        if (!Files.exists(ENVIRONMENT.resolve("pyvenv.cfg"))) {
            execute("python3 -m venv " + ENVIRONMENT);
        }
        String install = PYTHON + " -m pip install --quiet ";
        execute(install + "-r " + PROGRAMS.resolve("requirements.txt"));
        execute(install + "--no-deps --no-build-isolation --force-reinstall ./" + PACKAGE);
    }

    private static void execute(String command) throws IOException, InterruptedException {
        int code = new ProcessBuilder(command.split(" ")).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException(command + " exited with code " + code);
        }
    }
}
