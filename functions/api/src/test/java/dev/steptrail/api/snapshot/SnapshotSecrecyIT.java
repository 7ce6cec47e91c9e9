package dev.steptrail.api.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.steptrail.api.ApiHandler;
import dev.steptrail.aws.TestCdn;
import dev.steptrail.aws.TestParameters;
import dev.steptrail.ingest.IngestHandler;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.DatabaseLogin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that no object of a snapshot contains the session of the function's role, the database's password or the CDN's
 * private key. The SDK caches signing keys by the secret access key, which is useless without the session's token and
 * id. As in Lambda with SnapStart, an endpoint issues the credentials. Priming derives database tokens from them, which
 * this database does not check.
 */
@Tag("slow")
class SnapshotSecrecyIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final String LOGIN = "/steptrail/test/database/login";
    private static final List<Charset> ENCODINGS =
            List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE);

    private final String accessKey = random();
    private final String secretKey = random();
    private final String sessionToken = random();
    private final String authorization = random();
    private final AtomicInteger issued = new AtomicInteger();
    private HttpServer endpoint;

    @TempDir
    private Path folder;

    @BeforeEach
    void startEndpoint() throws IOException {
        endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endpoint.createContext("/", this::issue);
        endpoint.start();
    }

    @AfterEach
    void stopEndpoint() {
        endpoint.stop(0);
    }

    @ParameterizedTest
    @ValueSource(classes = {ApiHandler.class, IngestHandler.class})
    void heapAfterBeforeCheckpoint_containsNoSessionOfTheRole(Class<?> handler) throws Exception {
        String heap = heapOf(handler, Map.of("STEPTRAIL_DATABASE_AUTH", "iam"));

        assertThat(issued).as("credentials that priming loaded").hasPositiveValue();
        assertThat(encodingsOf(sessionToken, heap)).as("the session token").isEmpty();
        assertThat(encodingsOf(accessKey, heap))
                .as("the access key's id, which every token and URL that it signed contains")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(classes = {ApiHandler.class, IngestHandler.class})
    void heapAfterBeforeCheckpoint_containsNoSecretOfAParameter(Class<?> handler) throws Exception {
        String password = random();
        try (TestParameters parameters = TestParameters.start()) {
            parameters.put(LOGIN, DatabaseLogin.format(new DatabaseLogin.Credentials("postgres", password)));
            Map<String, String> settings = new HashMap<>(TestCdn.settings(parameters));
            String pem = parameters.values().get(settings.get("STEPTRAIL_CDN_PRIVATE_KEY_PARAMETER"));
            String privateKey = pem.lines().skip(2).findFirst().orElseThrow();
            settings.keySet().removeIf(name -> name.startsWith("AWS_ACCESS") || name.startsWith("AWS_SECRET"));
            settings.put("STEPTRAIL_DATABASE_AUTH", "parameter");
            settings.put("STEPTRAIL_DATABASE_LOGIN_PARAMETER", LOGIN);

            String heap = heapOf(handler, settings);

            assertThat(parameters.reads()).as("reads of parameters").isZero();
            assertThat(encodingsOf(password, heap))
                    .as("the database's password")
                    .isEmpty();
            assertThat(encodingsOf(privateKey, heap))
                    .as("the CDN's private key")
                    .isEmpty();
            assertThat(encodingsOf(secretKey, heap)).as("the secret access key").isEmpty();
        }
    }

    /** Returns a heap dump of the prepared handler, as one character per byte. */
    private String heapOf(Class<?> handler, Map<String, String> settings) throws Exception {
        String marker = random();
        Path file = folder.resolve("heap.hprof");

        assertThat(run(settings, handler.getName(), file.toString(), marker))
                .as("the output, empty if priming succeeded")
                .isEmpty();
        String heap = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(encodingsOf(marker, heap))
                .as("the search finds texts and arrays of characters")
                .contains(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16BE);
        return heap;
    }

    /** Returns the encodings in which a text occurs in a heap dump, given as one character per byte. */
    private static List<Charset> encodingsOf(String text, String heap) {
        return ENCODINGS.stream()
                .filter(encoding -> heap.contains(new String(text.getBytes(encoding), StandardCharsets.ISO_8859_1)))
                .toList();
    }

    /** Runs {@link HeapDump} without credentials in its environment or in files, and returns its output. */
    private String run(Map<String, String> settings, String... arguments) throws Exception {
        ProcessBuilder program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HeapDump.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        program.command().addAll(List.of(arguments));
        Map<String, String> environment = program.environment();
        environment.clear();
        environment.putAll(DATABASE.settings());
        // A host name, because the SDK caches URLs whose host starts with a digit (a possible account id).
        environment.computeIfPresent("STEPTRAIL_DATABASE_URL", (name, url) -> url.replace("127.0.0.1", "localhost"));
        environment.remove("STEPTRAIL_DATABASE_PASSWORD");
        environment.put("STEPTRAIL_BUCKET", "bucket");
        environment.put("STEPTRAIL_EXPORTS_QUEUE_URL", "http://127.0.0.1:1/000000000000/exports.fifo");
        environment.put("STEPTRAIL_JOBS_QUEUE_URL", "http://127.0.0.1:1/000000000000/jobs.fifo");
        environment.put("STEPTRAIL_ISSUER", "https://issuer.example.com");
        environment.put("STEPTRAIL_CLIENT_ID", "client");
        environment.put("AWS_REGION", "eu-west-1");
        environment.putAll(settings);
        environment.put("AWS_CONFIG_FILE", folder.resolve("none").toString());
        environment.put("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("none").toString());
        environment.put(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "http://127.0.0.1:" + endpoint.getAddress().getPort() + "/");
        environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", authorization);
        Process process = program.start();
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES))
                    .as("the program ended")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        String output = Files.readString(folder.resolve("output"));
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private void issue(HttpExchange exchange) throws IOException {
        boolean isAuthorized = authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] response = """
                {"AccessKeyId":"%s","SecretAccessKey":"%s","Token":"%s","Expiration":"%s"}""".formatted(
                        accessKey, secretKey, sessionToken, Instant.now().plus(Duration.ofHours(6)))
                .getBytes(StandardCharsets.UTF_8);
        issued.incrementAndGet();
        exchange.sendResponseHeaders(isAuthorized ? 200 : 401, isAuthorized ? response.length : -1);
        if (isAuthorized) {
            exchange.getResponseBody().write(response);
        }
        exchange.close();
    }

    /** Returns letters and digits, which no encoding of URLs changes. */
    private static String random() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
