package dev.steptrail.bench.coldstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import dev.steptrail.bench.Rounds.Subject;
import dev.steptrail.bench.database.LambdaEvents;
import dev.steptrail.bench.database.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.io.file.PathUtils;
import org.postgresql.Driver;

/** Measures the first event of the API and ingest functions after the restore of a snapshot. */
public final class ColdStartBenchmark implements Benchmark {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int ROUNDS = 15;

    /** The number of steps in the task that is read, and in each message. */
    private static final int STEPS = 20;

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        Path folder = Files.createTempDirectory("bench-coldstart");
        try (PostgresServer postgres = PostgresServer.start()) {
            Map<String, String> settings = new HashMap<>(postgres.settings());
            Path certificate = enableTls(postgres, folder);
            settings.merge("STEPTRAIL_DATABASE_URL", "&sslmode=verify-full&sslrootcert=" + certificate, String::concat);
            LambdaRuntime runtime = new LambdaRuntime(LambdaRuntime.unpackLibrary(folder), true);
            Function api = new Function(unpack("api", folder), "dev.steptrail.api.ApiHandler", settings, runtime);
            Function ingest =
                    new Function(unpack("ingest", folder), "dev.steptrail.ingest.IngestHandler", settings, runtime);
            Path baselineFolder = FunctionPackage.create(
                    ConnectingHandler.class, List.of(Context.class, Driver.class), folder.resolve("baseline"));
            Function connecting = new Function(baselineFolder, ConnectingHandler.class.getName(), settings, runtime);
            UUID task = UUID.randomUUID();
            String read = LambdaEvents.createReadEvent("steps", task);
            ingest.measureFirstEvent(LambdaEvents.createIngestEvent(task, STEPS)); // stores the task to read
            Subject baseline = () -> connecting.measureFirstEvent(read);
            return List.of(
                    row("steps route, first event", () -> api.measureFirstEvent(read), baseline, rounds),
                    row(
                            "ingest, first event",
                            () -> ingest.measureFirstEvent(LambdaEvents.createIngestEvent(UUID.randomUUID(), STEPS)),
                            baseline,
                            rounds));
        } finally {
            PathUtils.deleteDirectory(folder);
        }
    }

    private static Measurement row(String name, Subject function, Subject baseline, Rounds rounds) throws Exception {
        double[] millis = rounds.measureMedians(1, ROUNDS, function, baseline);
        return new Measurement(name, "plain connection", millis[0], millis[1], "ms", Threshold.atMost(2.0));
    }

    private record Function(Path folder, String handler, Map<String, String> settings, LambdaRuntime runtime) {
        /** Starts a process and measures the milliseconds from the restore of its snapshot to the first response. */
        double measureFirstEvent(String event) throws IOException, InterruptedException {
            try (RuntimeApi lambda = RuntimeApi.start(event)) {
                Process process = runtime.start(folder, handler, settings, lambda);
                try {
                    lambda.awaitCheckpoint();
                    long restored = System.nanoTime();
                    lambda.restore();
                    RuntimeApi.Response response = lambda.awaitResponse();
                    if (!isExpected(response.body())) {
                        throw new IOException(handler + " returned " + response.body());
                    }
                    return (response.nanoTime() - restored) / 1e6;
                } finally {
                    process.destroyForcibly().onExit().join();
                }
            }
        }
    }

    /** Returns whether a response contains all steps, is that of ingest without failures, or that of the baseline. */
    private static boolean isExpected(String response) throws IOException {
        if (response.equals("{\"batchItemFailures\":[]}") || response.equals(ConnectingHandler.RESPONSE)) {
            return true;
        }
        byte[] body = JSON.readTree(response).path("body").binaryValue();
        return body != null && JSON.readTree(body).path("steps").size() == STEPS;
    }

    /**
     * Enables TLS in the server, with a self-signed certificate for 127.0.0.1 that openssl creates.
     *
     * @return the certificate file, for {@code sslrootcert}
     */
    private static Path enableTls(PostgresServer postgres, Path folder) throws Exception {
        Path certificate = folder.resolve("server.crt");
        Path key = folder.resolve("server.key");
        String command = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1"
                + " -addext subjectAltName=IP:127.0.0.1 -keyout " + key + " -out " + certificate;
        Process openssl = new ProcessBuilder(command.split(" "))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (openssl.waitFor() != 0) {
            throw new IOException("openssl failed with exit code " + openssl.exitValue());
        }
        postgres.execute("ALTER SYSTEM SET ssl_cert_file = '" + certificate + "'");
        postgres.execute("ALTER SYSTEM SET ssl_key_file = '" + key + "'");
        postgres.execute("ALTER SYSTEM SET ssl = on");
        postgres.execute("SELECT pg_reload_conf()");
        return certificate;
    }

    private static Path unpack(String module, Path folder) throws IOException {
        return FunctionPackage.unpack(Path.of("functions", module, "target", module + ".zip"), folder.resolve(module));
    }
}
