package dev.steptrail.bench.coldstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import dev.steptrail.bench.TemporaryFolders;
import dev.steptrail.bench.database.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.postgresql.Driver;

/** Measures the cold start of the API and ingest functions, with and without SnapStart. */
public final class ColdStartBenchmark implements Benchmark {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int ROUNDS = 15;

    /** The number of steps in the task that is read, and in each message. */
    private static final int STEPS = 20;

    private static final String BASELINE = "plain connection";

    @Override
    public String description() {
        return "The median time of a new process per round. The unpacked zips run under Lambda's runtime interface"
                + " client, with the options of the managed runtimes. The steps route returns 20 steps with their"
                + " screenshots; ingest writes a message of a new task with 20 steps. Initialisation is the time from"
                + " the start of the JVM until Lambda would take a snapshot (SnapStart), including priming. First"
                + " event is the time from the restore to the response, including a new connection with TLS"
                + " (verify-full) and SCRAM; the process continues instead of being restored. Without a snapshot is"
                + " the time from the start of the JVM to the response. The baseline opens such a connection with the"
                + " plain driver and responds; before the checkpoint it opens and closes a connection.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        Path folder = Files.createTempDirectory("bench-coldstart");
        try (PostgresServer server = PostgresServer.start()) {
            Map<String, String> settings = new HashMap<>(server.postgres().settings());
            Path certificate = TlsDatabase.enableTls(server.postgres(), folder);
            settings.merge("STEPTRAIL_DATABASE_URL", "&sslmode=verify-full&sslrootcert=" + certificate, String::concat);
            return measure(rounds, settings, LambdaRuntime.unpackLibrary(folder), folder);
        } finally {
            TemporaryFolders.delete(folder);
        }
    }

    private static List<Measurement> measure(Rounds rounds, Map<String, String> settings, Path library, Path folder)
            throws Exception {
        UUID task = UUID.randomUUID();
        Path ingestFolder = unpack("ingest", folder);
        Path baselineFolder = FunctionPackage.create(
                ConnectingHandler.class, List.of(Context.class, Driver.class), folder.resolve("baseline"));
        ingest(ingestFolder, settings, () -> task, library).measureColdStart(); // stores the task to read
        MeasuredFunction baseline = new MeasuredFunction(
                baselineFolder,
                ConnectingHandler.class.getName(),
                settings,
                () -> LambdaEvents.createReadEvent("steps", task),
                "{\"statusCode\":200}"::equals,
                library);
        MeasuredFunction steps = new MeasuredFunction(
                unpack("api", folder),
                "dev.steptrail.api.ApiHandler",
                settings,
                () -> LambdaEvents.createReadEvent("steps", task),
                ColdStartBenchmark::hasAllSteps,
                library);
        List<Measurement> measured = new ArrayList<>();
        measured.addAll(measure(rounds, "steps route", steps, baseline));
        measured.addAll(measure(rounds, "ingest", ingest(ingestFolder, settings, UUID::randomUUID, library), baseline));
        return measured;
    }

    private static boolean hasAllSteps(String response) {
        try {
            byte[] body = JSON.readTree(response).path("body").binaryValue();
            return body != null && JSON.readTree(body).path("steps").size() == STEPS;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Measurement> measure(
            Rounds rounds, String name, MeasuredFunction function, MeasuredFunction baseline) throws Exception {
        double[] millis = rounds.measureMedians(
                1,
                ROUNDS,
                function::measureFirstEvent,
                baseline::measureFirstEvent,
                function::measureInitialisation,
                baseline::measureInitialisation,
                function::measureColdStart,
                baseline::measureColdStart);
        return List.of(
                row(name + ", first event", millis[0], millis[1], Threshold.atMost(2.0)),
                row(name + ", initialisation", millis[2], millis[3], Threshold.NONE),
                row(name + ", without a snapshot", millis[4], millis[5], Threshold.NONE));
    }

    private static Measurement row(String name, double value, double baselineValue, Threshold threshold) {
        return new Measurement(name, BASELINE, value, baselineValue, "ms", threshold);
    }

    private static MeasuredFunction ingest(
            Path unpacked, Map<String, String> settings, Supplier<UUID> task, Path library) {
        return new MeasuredFunction(
                unpacked,
                "dev.steptrail.ingest.IngestHandler",
                settings,
                () -> LambdaEvents.createIngestEvent(task.get(), STEPS),
                "{\"batchItemFailures\":[]}"::equals,
                library);
    }

    private static Path unpack(String module, Path folder) throws IOException {
        return FunctionPackage.unpack(Path.of("functions", module, "target", module + ".zip"), folder.resolve(module));
    }
}
