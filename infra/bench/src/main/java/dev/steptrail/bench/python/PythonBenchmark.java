package dev.steptrail.bench.python;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.CloudServer;
import dev.steptrail.bench.Jvm;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.QueueAndBucketProcess;
import dev.steptrail.bench.Rounds;
import dev.steptrail.bench.TemporaryFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures what recording costs a Python agent, and whether a killed one loses steps. */
public final class PythonBenchmark implements Benchmark {
    private static final int ROUNDS = 7;
    private static final int KILLS = 100;
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
                + " records two screens. Killed agents record with the durability `written` and get SIGKILL up to"
                + " 200 ms after their first step; `steptrail ship --once` then ships to the local cloud. A step"
                + " counts as lost if it was confirmed and is not in Postgres exactly once." + versions;
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        Path folder = Files.createTempDirectory("bench-python");
        try {
            PythonEnvironment python = PythonEnvironment.install();
            List<Measurement> rows = new ArrayList<>(measureCosts(python, folder, rounds.count(ROUNDS)));
            rows.add(measureLosses(python, folder, rounds.count(KILLS)));
            return rows;
        } finally {
            TemporaryFolders.delete(folder);
        }
    }

    private List<Measurement> measureCosts(PythonEnvironment python, Path folder, int rounds)
            throws IOException, InterruptedException {
        String outbox = Files.createDirectory(folder.resolve("outbox")).toString();
        String bucket = Files.createDirectory(folder.resolve("bucket")).toString();
        JsonNode report;
        try (Jvm cloud = Jvm.server(QueueAndBucketProcess.class, List.of(bucket))) {
            Jvm ship = Jvm.commandLine(cloud.readReport(), "ship", "--outbox", outbox);
            try {
                Process program = python.program("measure.py", "--outbox", outbox, "--rounds", String.valueOf(rounds))
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

    private static Measurement measureLosses(PythonEnvironment python, Path folder, int kills) throws Exception {
        KilledAgents agents = new KilledAgents(python, folder.resolve("killed"));
        for (int i = 0; i < kills; i++) {
            agents.kill();
        }
        try (CloudServer cloud = CloudServer.start()) {
            return new Measurement(
                    "lost after SIGKILL, " + kills + " agents",
                    "confirmed",
                    agents.countLost(cloud),
                    agents.countConfirmed(),
                    "steps",
                    Threshold.atMost(0));
        }
    }
}
