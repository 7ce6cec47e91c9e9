package dev.steptrail.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.bench.Measurement.Threshold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Measures what recording costs a Python agent. Runs {@code measure.py} in a virtual environment, which later runs reuse. */
public final class PythonBenchmark implements Benchmark {
    private static final int ROUNDS = 7;
    private static final Path ENVIRONMENT = Path.of("infra", "bench", "target", "python");
    private static final Path PROGRAMS = Path.of("infra", "bench", "python");
    private static final Path PACKAGE = Path.of("agent-client", "python");
    private static final String SPAN = "span of Langfuse";
    private static final String COPY = "copy of the bytes";

    /** In milliseconds. */
    private static final Threshold IMPORT_THRESHOLD = Threshold.atMost(1, 50);

    private String versions = "";

    @Override
    public String description() {
        return "The time that recording takes on the agent's thread in Python, with default settings. A step without"
                + " screenshots and a span of Langfuse's SDK have the same values, and all are delivered before the"
                + " next measurement: `steptrail ship`, in its own process, sends the outbox to an SQS and an S3"
                + " server, and the SDK sends to a server that answers 200. The rows with a PNG are steps with"
                + " the bytes of a screen of 1080x2400 pixels and 0.9 MB, which the baseline copies; 20 different ones"
                + " take turns. In bursts (1,000 steps, or 20 screens) the time includes waiting for the recorder's"
                + " own threads."
                + " Imports are processes, with the import alone and also with the recorder, which is loaded on first"
                + " use. The agent loop has 20 steps: each encodes a request with a screen, waits for 200 ms and"
                + " records two screens." + versions;
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        Path folder = Files.createTempDirectory("bench-python");
        try {
            installPackages();
            return measure(folder, rounds.count(ROUNDS));
        } finally {
            TemporaryFolders.delete(folder);
        }
    }

    private List<Measurement> measure(Path folder, int rounds) throws IOException, InterruptedException {
        String outbox = Files.createDirectory(folder.resolve("outbox")).toString();
        String bucket = Files.createDirectory(folder.resolve("bucket")).toString();
        JsonNode report;
        try (Jvm cloud = Jvm.server(QueueAndBucketProcess.class, List.of(bucket))) {
            Jvm ship = Jvm.commandLine(cloud.readReport(), "ship", "--outbox", outbox);
            try {
                Process program = new ProcessBuilder(
                                python(),
                                PROGRAMS.resolve("measure.py").toString(),
                                "--outbox",
                                outbox,
                                "--rounds",
                                String.valueOf(rounds))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                report = new JsonMapper().readTree(program.getInputStream());
                if (program.waitFor() != 0) {
                    throw new IOException("measure.py exited with code " + program.exitValue());
                }
            } finally {
                ship.close();
            }
        }
        versions = " Version of Langfuse's SDK: " + report.path("langfuse").asText() + "; of Python: "
                + report.path("python").asText() + ".";
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

    private static String python() {
        return ENVIRONMENT.resolve("bin").resolve("python").toString();
    }

    /** Creates the environment if it does not exist. Installs what is missing, and this checkout's package. */
    private static void installPackages() throws IOException, InterruptedException {
        if (!Files.exists(ENVIRONMENT.resolve("pyvenv.cfg"))) {
            execute("python3", "-m", "venv", ENVIRONMENT.toString());
        }
        String requirements = PROGRAMS.resolve("requirements.txt").toString();
        execute(python(), "-m", "pip", "install", "--quiet", "-r", requirements);
        String checkout = PACKAGE.toAbsolutePath().toString();
        execute(
                python(),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-deps",
                "--no-build-isolation",
                "--force-reinstall",
                checkout);
    }

    private static void execute(String... command) throws IOException, InterruptedException {
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException(String.join(" ", command) + " exited with code " + code);
        }
    }
}
