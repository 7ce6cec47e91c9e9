package dev.steptrail.cli.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.steptrail.shipper.Doctor.Finding;
import dev.steptrail.stepformat.ReservedPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks of a machine without an adb server. */
class PhoneChecksTest {
    private final Map<String, String> environment =
            new HashMap<>(Map.of("ANDROID_ADB_SERVER_PORT", Integer.toString(ReservedPorts.reserve())));

    private List<Finding> check() throws InterruptedException {
        return new PhoneChecks(environment).run();
    }

    @Test
    void nothingConfigured_passes_andSaysWhatIsNotChecked(@TempDir Path sdk) throws Exception {
        Path adb = Files.createDirectories(sdk.resolve("platform-tools")).resolve("adb");
        Files.writeString(adb, "#!/bin/sh\necho \"Android Debug Bridge version 1.0.41\nVersion 35.0.2-$1\"\n");
        assertThat(adb.toFile().setExecutable(true)).isTrue();
        environment.put("ANDROID_HOME", sdk.toString());

        assertThat(check()).hasSize(2).allMatch(Finding::ok);
        assertThat(check().get(0).message())
                .startsWith("version 35.0.2-version; no server runs at 127.0.0.1:")
                .endsWith(", so phones were not checked: steptrail devices starts it");
        assertThat(check().get(1).message()).startsWith("not checked: set STEPTRAIL_MODEL_URL or --model-url");
    }

    @Test
    void invalidSettings_fail() throws Exception {
        environment.put("ANDROID_ADB_SERVER_PORT", "x");
        environment.put("STEPTRAIL_MODEL_URL", "localhost");

        assertThat(check()).noneMatch(Finding::ok);
        assertThat(check().get(0).message()).contains("ANDROID_ADB_SERVER_PORT must be a port");
        assertThat(check().get(1).message()).contains("the model's URL is not valid: 'localhost'");
    }

    @Test
    void portOfAnotherProgram_fails() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> {
                try {
                    while (true) {
                        other.accept().close();
                    }
                } catch (IOException closed) {
                    // the test is over
                }
            });
            server.start();
            environment.put("ANDROID_ADB_SERVER_PORT", Integer.toString(other.getLocalPort()));

            assertThat(check().get(0).ok()).isFalse();
            assertThat(check().get(0).what()).isEqualTo("adb");
            assertThat(check().get(0).message())
                    .startsWith("127.0.0.1:" + other.getLocalPort() + " does not answer like an adb server");
        }
    }

    @Test
    void unreachableModel_fails() throws Exception {
        environment.put("STEPTRAIL_MODEL_URL", "http://127.0.0.1:" + ReservedPorts.reserve() + "/v1");

        assertThat(check().get(1).ok()).isFalse();
        assertThat(check().get(1).message()).contains("connection refused");
    }

    @Test
    void serverThatDoesNotListItsModels_passes() throws Exception {
        Finding model = checkModelOfServer(404, "{\"detail\":\"Not Found\"}");

        assertThat(model.ok()).isTrue();
        assertThat(model.message())
                .startsWith("not checked: the server does not list its models at http://")
                .endsWith("/v1/models; try steptrail run --dry-run");
    }

    @Test
    void serverWithoutModels_fails() throws Exception {
        Finding model = checkModelOfServer(200, "{\"data\":[]}");

        assertThat(model.ok()).isFalse();
        assertThat(model.message()).endsWith(" provides no model: load 'autoglm-phone-9b'");
    }

    private Finding checkModelOfServer(int status, String body) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(status, body.length());
                exchange.getResponseBody().write(body.getBytes(UTF_8));
            }
        });
        server.start();
        try {
            environment.put(
                    "STEPTRAIL_MODEL_URL",
                    "http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
            return check().get(1);
        } finally {
            server.stop(0);
        }
    }
}
