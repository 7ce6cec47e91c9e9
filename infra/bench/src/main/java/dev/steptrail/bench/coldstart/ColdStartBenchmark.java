package dev.steptrail.bench.coldstart;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.DistinctScreens;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import dev.steptrail.bench.database.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a caller waits for where Lambda has to start a function first. */
public final class ColdStartBenchmark implements Benchmark {
    private static final Threshold THRESHOLD = Threshold.atMost(2.0);

    @Override
    public String name() {
        return "coldstart";
    }

    @Override
    public String description() {
        return "From the start of the JVM to the first response at the Runtime API, each time a new process: our zips,"
            + " unpacked, under Lambda's runtime interface client, with the options of its managed runtimes. The steps"
            + " route answers 20 steps with their screenshots, ingest writes a message of a new task with 20 steps,"
            + " both over a connection that is opened in that time, by TLS (verify-full) and SCRAM. The peer takes the"
            + " same event by its type and answers at once, without a database. `CDS`: each with an archive of the"
            + " classes that it loads (AppCDS), its jars on the class path. For comparison: a handler that does not"
            + " even read its event, and one that opens such a connection by the bare driver and does nothing with"
            + " it.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        Path folder = Files.createTempDirectory("bench-coldstart");
        try (PostgresServer server = PostgresServer.start()) {
            Map<String, String> settings = new HashMap<>(server.postgres().settings());
            Path roots = TlsDatabase.switchOn(server.postgres(), folder);
            settings.merge("STEPTRAIL_DATABASE_URL", "&sslmode=verify-full&sslrootcert=" + roots, String::concat);
            return measured(
                    new Contestants(folder.resolve("task"), settings), LambdaRuntime.unpackLibrary(folder), folder);
        } finally {
            DistinctScreens.remove(folder);
        }
    }

    private static List<Measurement> measured(Contestants contestants, Path library, Path folder) throws Exception {
        UUID task = UUID.randomUUID();
        contestants.ingest(task).start(new LambdaRuntime(Jdk.all().get(0), library));
        Starts starts = new Starts(List.of(
                contestants.trivialApi(),
                contestants.steps(task),
                contestants.trivialQueue(),
                contestants.ingest(),
                contestants.trivialStream(),
                contestants.connecting()));
        List<Measurement> measured = new ArrayList<>();
        for (Jdk jdk : Jdk.all()) {
            LambdaRuntime runtime = new LambdaRuntime(jdk, library);
            measured.addAll(rows("JDK " + jdk.version(), starts.medians(runtime)));
            measured.addAll(rows("JDK " + jdk.version() + ", CDS", starts.archivedMedians(runtime, folder)));
        }
        return measured;
    }

    private static List<Measurement> rows(String runtime, Map<String, Double> medians) {
        return List.of(
                row("steps route, " + runtime, "trivial handler", medians, "steps", "trivial-api", THRESHOLD),
                row("ingest, " + runtime, "trivial handler", medians, "ingest", "trivial-queue", THRESHOLD),
                row("steps route, " + runtime, "reads no event", medians, "steps", "trivial-stream", Threshold.NONE),
                row(
                        "bare connection, " + runtime,
                        "reads no event",
                        medians,
                        "connecting",
                        "trivial-stream",
                        Threshold.NONE),
                row("steps route, " + runtime, "bare connection", medians, "steps", "connecting", Threshold.NONE),
                row("ingest, " + runtime, "bare connection", medians, "ingest", "connecting", Threshold.NONE));
    }

    private static Measurement row(
            String name, String peer, Map<String, Double> medians, String ours, String theirs, Threshold threshold) {
        return new Measurement(
                name,
                peer,
                medians.getOrDefault(ours, Double.NaN),
                medians.getOrDefault(theirs, Double.NaN),
                "ms",
                threshold);
    }
}
