package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that never send their body, more of them than the gateway has threads. */
@Order(5)
@Tag("nightly")
class SlowBodiesIT {
    private static final int CALLERS = 80;

    private final CloudProcess cloud = CloudProcess.shared();
    private final URI address = URI.create(cloud.api().address());
    private final List<Socket> callers = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (Socket caller : callers) {
            caller.close();
        }
    }

    @Test
    void clientsWithoutBody_blockNoOthers_andTimeOutWithoutALogLine() throws Exception {
        int linesBefore = linesOfTheGateway().size();
        call("GET /health");

        assertThat(new Api(cloud.api().address(), null).get("/health").status()).isEqualTo(200);
        for (Socket caller : callers) {
            assertThat(caller.getInputStream().available())
                    .as("bytes of a response")
                    .isZero();
        }
        for (Socket caller : callers) {
            assertThat(statusLine(caller)).isEqualTo("HTTP/1.1 408 Request Timeout");
        }
        assertThat(linesOfTheGateway()).hasSize(linesBefore);
    }

    @Test
    void clientsWithoutToken_areRejectedBeforeTheirBody() throws Exception {
        call("GET /api/tasks");

        assertThat(statusLine(callers.get(CALLERS - 1))).isEqualTo("HTTP/1.1 401 Unauthorized");
    }

    @Test
    void clientsThatDisconnectDuringTheirBody_causeNoLogLine() throws Exception {
        int linesBefore = linesOfTheGateway().size();
        call("GET /health");
        for (Socket caller : callers) {
            caller.setSoLinger(true, 0); // closes with a TCP reset
            caller.close();
        }

        Thread.sleep(2_000);
        assertThat(new Api(cloud.api().address(), null).get("/health").status()).isEqualTo(200);
        assertThat(linesOfTheGateway()).hasSize(linesBefore);
    }

    @Test
    void oversizedBodies_causeNoLogLine() throws Exception {
        int linesBefore = linesOfTheGateway().size();
        byte[] body = new byte[10 * 1024 * 1024 + 1];
        String head = "GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length + "\r\n\r\n";
        for (int i = 0; i < 10; i++) {
            Socket caller = new Socket(address.getHost(), address.getPort());
            callers.add(caller);
            caller.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            caller.getOutputStream().write(body);
            assertThat(statusLine(caller)).startsWith("HTTP/1.1 413 ");
        }
        Thread.sleep(500);
        assertThat(linesOfTheGateway()).hasSize(linesBefore);
    }

    private void call(String what) throws IOException {
        String head = what + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nabc";
        for (int i = 0; i < CALLERS; i++) {
            Socket caller = new Socket(address.getHost(), address.getPort());
            callers.add(caller);
            caller.setSoTimeout(60_000);
            caller.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static String statusLine(Socket caller) throws IOException {
        return new BufferedReader(new InputStreamReader(caller.getInputStream(), StandardCharsets.US_ASCII)).readLine();
    }

    /** Returns the gateway's log lines. Other parts of the shared cloud can log at the same time. */
    private List<String> linesOfTheGateway() throws IOException {
        return cloud.errors().stream()
                .filter(line -> line.matches("(?s)(\\s+at |Caused by).*|.*(jetty|Response|RequestHandler|Timeout).*"))
                .toList();
    }
}
