package dev.steptrail.bench.coldstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.steptrail.bench.database.LambdaEvents;
import dev.steptrail.bench.database.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ingest and API from their zips, each in two processes with the same settings, taken through checkpoint and restore by
 * Lambda's runtime interface client. Random values are not compared: without CRIU each process initialises itself.
 */
class SnapStartIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Path FUNCTIONS =
            Path.of("..", "..", "functions").toAbsolutePath().normalize();
    private static final Pattern DATE = Pattern.compile("X-Amz-Date=(\\w+)");
    private static final Pattern ACCESS_KEY = Pattern.compile("X-Amz-Credential=(\\w+)");
    private static final DateTimeFormatter AMZ_DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX").withZone(ZoneOffset.UTC);
    private static final String CONNECTIONS =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'steptrail'";

    /** The number of rows that were ever inserted into the catalog of tables, including those that were rolled back. */
    private static final String CATALOG_ROWS = "SELECT n_tup_ins FROM pg_stat_sys_tables WHERE relname = 'pg_class'";

    @TempDir
    private static Path folder;

    private static PostgresServer postgres;
    private static LambdaRuntime runtime;

    @BeforeAll
    static void start() throws IOException {
        postgres = PostgresServer.start();
        runtime = new LambdaRuntime(LambdaRuntime.unpackLibrary(folder), true);
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @Test
    void restoredProcesses_connectAnew_andSignWithTheirOwnCredentialsAtTheTimeAfterTheRestore() throws Exception {
        Path ingest = FunctionPackage.unpack(FUNCTIONS.resolve("ingest/target/ingest.zip"), folder.resolve("ingest"));
        Path api = FunctionPackage.unpack(FUNCTIONS.resolve("api/target/api.zip"), folder.resolve("api"));
        UUID task = UUID.randomUUID();
        long catalogRows = number(CATALOG_ROWS);

        try (Restorable one = new Restorable(
                        ingest, "dev.steptrail.ingest.IngestHandler", "ONE", LambdaEvents.createIngestEvent(task, 1));
                Restorable other = new Restorable(
                        ingest,
                        "dev.steptrail.ingest.IngestHandler",
                        "OTHER",
                        LambdaEvents.createIngestEvent(UUID.randomUUID(), 1))) {
            checkpoint(one, other);
            // Each rehearsal creates temporary tables, of which three are tasks, task_steps and step_screenshots.
            await(1, "SELECT CASE WHEN (" + CATALOG_ROWS + ") >= " + (catalogRows + 2 * 3) + " THEN 1 ELSE 0 END");
            assertThat(number("SELECT count(*) FROM tasks"))
                    .as("the rehearsals are rolled back")
                    .isZero();
            assertThat(one.restore()).isEqualTo("{\"batchItemFailures\":[]}");
            assertThat(other.restore()).isEqualTo("{\"batchItemFailures\":[]}");
        }
        assertThat(number("SELECT count(*) FROM tasks")).isEqualTo(2);

        try (Restorable one = new Restorable(
                        api, "dev.steptrail.api.ApiHandler", "ONE", LambdaEvents.createReadEvent("screenshots", task));
                Restorable other = new Restorable(
                        api,
                        "dev.steptrail.api.ApiHandler",
                        "OTHER",
                        LambdaEvents.createReadEvent("screenshots", task))) {
            checkpoint(one, other);
            awaitNextSecond();
            Instant restored = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            assertSigned(one.restore(), "ONE", restored);
            assertSigned(other.restore(), "OTHER", restored);
        }
    }

    /** What a snapshot would contain at this time: no connection, and no credentials of the function's role. */
    private static void checkpoint(Restorable one, Restorable other) throws Exception {
        one.runtimeApi.awaitCheckpoint();
        other.runtimeApi.awaitCheckpoint();
        await(0, CONNECTIONS);
        assertThat(one.credentialsRequests).hasValue(0);
        assertThat(other.credentialsRequests).hasValue(0);
    }

    /** Postgres ends a session, and counts what it did, a little after its client has closed it. */
    private static void await(long expected, String query) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (number(query) != expected && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(number(query)).as(query).isEqualTo(expected);
    }

    private static void assertSigned(String response, String accessKey, Instant notBefore) throws IOException {
        String body = new String(JSON.readTree(response).get("body").binaryValue(), StandardCharsets.UTF_8);
        assertThat(found(ACCESS_KEY, body)).isEqualTo(accessKey);
        assertThat(AMZ_DATE.parse(found(DATE, body), Instant::from)).isAfterOrEqualTo(notBefore);
    }

    private static String found(Pattern pattern, String response) {
        Matcher matcher = pattern.matcher(response);
        assertThat(matcher.find()).as(response).isTrue();
        return matcher.group(1);
    }

    /** Signatures have whole seconds. */
    private static void awaitNextSecond() throws InterruptedException {
        long second = Instant.now().getEpochSecond();
        while (Instant.now().getEpochSecond() == second) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static long number(String sql) throws Exception {
        return Long.parseLong(postgres.query(sql));
    }

    /** A process with the endpoint from which it gets the credentials of its role, as in Lambda with SnapStart. */
    private static final class Restorable implements AutoCloseable {
        final AtomicInteger credentialsRequests = new AtomicInteger();
        final RuntimeApi runtimeApi;
        private final HttpServer credentials;
        private final Process process;

        Restorable(Path function, String handler, String accessKey, String event) throws IOException {
            byte[] issued = ("{\"AccessKeyId\":\"" + accessKey
                            + "\",\"SecretAccessKey\":\"secret\",\"Token\":\"token\"," + "\"Expiration\":\""
                            + Instant.now().plus(6, ChronoUnit.HOURS) + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            credentials = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            credentials.createContext("/", exchange -> {
                credentialsRequests.incrementAndGet();
                exchange.sendResponseHeaders(200, issued.length);
                exchange.getResponseBody().write(issued);
                exchange.close();
            });
            credentials.start();
            Map<String, String> settings = new HashMap<>(postgres.settings());
            settings.keySet().removeIf(name -> name.matches("AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)"));
            settings.put(
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                    "http://127.0.0.1:" + credentials.getAddress().getPort() + "/");
            runtimeApi = RuntimeApi.start(event);
            process = runtime.start(function, handler, settings, runtimeApi);
        }

        /** Restores it and returns the response to its first event. */
        String restore() throws IOException, InterruptedException {
            runtimeApi.restore();
            String response = runtimeApi.awaitResponse().body();
            assertThat(process.isAlive()).isTrue();
            return response;
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
            runtimeApi.close();
            credentials.stop(0);
        }
    }
}
