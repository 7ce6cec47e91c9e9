package dev.steptrail.bench.coldstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.steptrail.bench.database.PostgresServer;
import dev.steptrail.localcloud.servers.BucketServer;
import dev.steptrail.stepformat.ReservedPorts;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs each function of the template from its zip, in a separate process under Lambda's runtime interface client, with
 * an event as recorded on AWS. Each function reads what the previous one wrote.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HandlersUnderRuntimeIT {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Pattern FUNCTION =
            Pattern.compile("CodeUri: (\\S+\\.zip)\\s[\\s\\S]*?Handler: (\\S+)\\.(\\w+)\\s");
    private static final JsonMapper JSON = new JsonMapper();
    private static final String EXPORT = "exports/bench/0199f7a0-0000-7000-8000-000000000001.0123456789abcdef.en.html";

    @TempDir
    private static Path folder;

    private static Map<String, MatchResult> functions;
    private static PostgresServer postgres;
    private static AutoCloseable bucket;
    private static Map<String, String> settings;
    private static LambdaRuntime runtime;

    @BeforeAll
    static void start() throws IOException {
        functions = new TreeMap<>();
        FUNCTION.matcher(Files.readString(ROOT.resolve("sam-template.yaml")))
                .results()
                .forEach(function -> functions.put(function.group(3), function));
        postgres = PostgresServer.start();
        settings = new HashMap<>(postgres.settings());
        int port = ReservedPorts.reserve();
        Files.createDirectories(folder.resolve("s3").resolve(settings.get("STEPTRAIL_BUCKET")));
        bucket = BucketServer.start(
                folder.resolve("s3"),
                port,
                settings.get("AWS_ACCESS_KEY_ID"),
                settings.get("AWS_SECRET_ACCESS_KEY"),
                List.of());
        settings.put("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:" + port);
        runtime = new LambdaRuntime(LambdaRuntime.unpackLibrary(folder), false);
    }

    @AfterAll
    static void stop() throws Exception {
        bucket.close();
        postgres.close();
    }

    @Test
    @Order(1)
    void everyFunctionOfTheTemplate_hasAnEventHere() throws Exception {
        Path events = Path.of(Objects.requireNonNull(HandlersUnderRuntimeIT.class.getResource("ApiHandler.json"))
                        .toURI())
                .getParent();
        try (Stream<Path> files = Files.list(events)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".json")))
                    .containsExactlyInAnyOrderElementsOf(functions.keySet().stream()
                            .map(name -> name + ".json")
                            .toList());
        }
        assertThat(functions).hasSize(7);
    }

    @Test
    @Order(2)
    void migrate_tellsTheVersionOfTheSchema() throws Exception {
        JsonNode answer = answer("MigrateHandler");

        assertThat(answer.get("migrations").intValue()).isZero();
        assertThat(answer.get("schema_version").textValue()).matches("\\d+");
    }

    @Test
    @Order(3)
    void ingest_takesTheMessage() throws Exception {
        assertThat(answer("IngestHandler")).isEqualTo(JSON.readTree("{\"batchItemFailures\":[]}"));
    }

    @Test
    @Order(4)
    void api_answersWithTheStepThatIngestWrote() throws Exception {
        JsonNode answer = answer("ApiHandler");

        assertThat(answer.get("statusCode").intValue()).isEqualTo(200);
        JsonNode steps = JSON.readTree(answer.get("body").binaryValue()).get("steps");
        assertThat(steps).hasSize(1);
        assertThat(steps.get(0).get("action").get("app").textValue()).isEqualTo("Settings");
    }

    @Test
    @Order(5)
    void export_putsTheReportIntoTheBucket() throws Exception {
        assertThat(answer("ExportHandler").isNull()).isTrue();

        assertThat(folder.resolve("s3")
                        .resolve(settings.get("STEPTRAIL_BUCKET"))
                        .resolve(EXPORT))
                .content()
                .contains("volume");
    }

    @Test
    @Order(6)
    void maintenance_doesItsJobs() throws Exception {
        assertThat(answer("MaintenanceHandler").properties())
                .isNotEmpty()
                .allSatisfy(job -> assertThat(job.getValue().textValue()).isIn("done", "skipped"));
    }

    @Test
    @Order(7)
    void jobs_ignoresAJobThatDoesNotExist() throws Exception {
        assertThat(answer("JobsHandler").isNull()).isTrue();
    }

    @Test
    @Order(8)
    void signInClient_reportsToCloudFormation() throws Exception {
        BlockingQueue<String> reports = new LinkedBlockingQueue<>();
        HttpServer cloudFormation = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        cloudFormation.createContext("/", exchange -> {
            reports.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        cloudFormation.start();
        try {
            String event = event("SignInClientHandler")
                    .replace(
                            "${port}",
                            String.valueOf(cloudFormation.getAddress().getPort()));

            assertThat(answer("SignInClientHandler", event)).isEmpty();
            assertThat(reports).singleElement().asString().contains("\"Status\":\"SUCCESS\"");
        } finally {
            cloudFormation.stop(0);
        }
    }

    private static String event(String name) throws IOException {
        try (InputStream event = HandlersUnderRuntimeIT.class.getResourceAsStream(name + ".json")) {
            return new String(event.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static JsonNode answer(String name) throws IOException, InterruptedException {
        return answer(name, event(name));
    }

    private static JsonNode answer(String name, String event) throws IOException, InterruptedException {
        MatchResult function = Objects.requireNonNull(functions.get(name), name);
        Path unpacked = FunctionPackage.unpack(ROOT.resolve(function.group(1)), folder.resolve(name));
        try (RuntimeApi api = RuntimeApi.start(event)) {
            Process process = runtime.start(unpacked, function.group(2) + "." + name, settings, api);
            try {
                return JSON.readTree(api.awaitResponse().body());
            } finally {
                process.destroyForcibly();
                process.onExit().join();
            }
        }
    }
}
