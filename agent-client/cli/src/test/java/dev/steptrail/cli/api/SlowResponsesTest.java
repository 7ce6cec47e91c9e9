package dev.steptrail.cli.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Slow or broken responses end in an error message within the timeout. */
@Timeout(30)
class SlowResponsesTest {
    private final HttpServer server;
    private final CountDownLatch end = new CountDownLatch(1);

    SlowResponsesTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
    }

    @Test
    void stalledResponse_timesOut_withMessage() throws Exception {
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write("half".getBytes(UTF_8));
            exchange.getResponseBody().flush();
            await();
        });

        try (InputStream body = new HttpTransport(Duration.ofMillis(500))
                .send("GET", URI.create(address() + "/"), null, null)
                .body()) {
            assertThat(body.readNBytes(4)).asString(UTF_8).isEqualTo("half");
            assertThatThrownBy(body::read)
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("timed out while reading the response; try again");
        }
    }

    @Test
    void slowResponse_isReadToItsEnd() throws Exception {
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 8; i++) {
                exchange.getResponseBody().write('x');
                exchange.getResponseBody().flush();
                pause(200);
            }
            exchange.close();
        });

        try (InputStream body = new HttpTransport(Duration.ofSeconds(1))
                .send("GET", URI.create(address() + "/"), null, null)
                .body()) {
            assertThat(body.readAllBytes()).hasSize(8);
        }
    }

    @Test
    void truncatedResponse_isReported() throws Exception {
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write("half".getBytes(UTF_8));
            exchange.getResponseBody().flush();
            exchange.close();
        });

        try (InputStream body = new HttpTransport()
                .send("GET", URI.create(address() + "/"), null, null)
                .body()) {
            assertThatThrownBy(body::readAllBytes).hasMessage("the response was truncated; try again");
        }
    }

    @Test
    void fileThatIsNeverReady_timesOut() throws Exception {
        server.createContext("/api", exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "1");
            exchange.sendResponseHeaders(202, -1);
            exchange.close();
        });
        Api api = Api.of(address(), new EnvironmentToken(Map.of("STEPTRAIL_TOKEN", "token")), Duration.ofMillis(1500));
        AtomicInteger waits = new AtomicInteger();

        assertThatThrownBy(() -> api.openFile("/api/tasks/1/export", waits::incrementAndGet))
                .hasMessage("the API has not created the file yet; try again later");
        assertThat(waits).hasValue(1);
    }

    @Test
    void jobThatDoesNotEndInTime_isNamed_withTheCommandThatShowsIt() throws Exception {
        byte[] job = "{\"job_id\":\"019cb8a4\",\"state\":\"running\"}".getBytes(UTF_8);
        server.createContext("/api/jobs/019cb8a4", exchange -> {
            exchange.sendResponseHeaders(200, job.length);
            exchange.getResponseBody().write(job);
            exchange.close();
        });
        Api api = Api.of(address(), new EnvironmentToken(Map.of("STEPTRAIL_TOKEN", "token")), Duration.ofMillis(600));

        assertThatThrownBy(() -> api.awaitJob(new ObjectMapper().readTree(job)))
                .hasMessage(
                        "job 019cb8a4 has not ended yet; it continues. Run steptrail jobs show 019cb8a4 for its result");
    }

    @Test
    void maxExportWait_coversSecondAttemptOfExport() throws Exception {
        String template = Files.readString(Path.of("../../sam-template.yaml"));
        Duration secondAttempt = seconds(template, "ExportsQueue", "VisibilityTimeout")
                .plus(seconds(template, "ExportFunction", "Timeout"));

        assertThat(Api.MAX_EXPORT_WAIT).isBetween(secondAttempt.plusMinutes(1), secondAttempt.plusMinutes(5));
    }

    /** The property of a resource of the template. */
    private static Duration seconds(String template, String resource, String property) {
        Matcher value = Pattern.compile(
                        "^  " + resource + ":$.*?^      " + property + ": (\\d+)$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(template);
        assertThat(value.find()).isTrue();
        return Duration.ofSeconds(Long.parseLong(value.group(1)));
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
