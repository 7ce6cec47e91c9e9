package dev.steptrail.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.utils.BinaryUtils;
import software.amazon.awssdk.utils.Md5Utils;

/** Sends messages to an HTTP server that records them; the end-to-end tests of the local cloud use a real queue. */
class QueueSenderTest {
    private static final String QUEUE = "https://sqs.eu-central-1.amazonaws.com/000000000000/exports.fifo";

    private final AtomicReference<String> received = new AtomicReference<>("");
    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            received.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            boolean refused = received.get().contains("refused");
            String digest = BinaryUtils.toHex(Md5Utils.computeMD5Hash(
                    received().path("MessageBody").asText().getBytes(StandardCharsets.UTF_8)));
            byte[] response = (refused
                            ? "{\"__type\":\"com.amazonaws.sqs#AccessDenied\"}"
                            : "{\"MessageId\":\"1\",\"MD5OfMessageBody\":\"" + digest + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(refused ? 403 : 200, response.length);
            exchange.getResponseBody().write(response);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void send_sendsOneMessageWithItsGroupAndItsDeduplicationId() throws Exception {
        senderTo(server.getAddress().getPort()).send("group", "once", "exports/alice/\"a\".zip");

        JsonNode message = received();
        assertThat(message.get("QueueUrl").asText()).isEqualTo(QUEUE);
        assertThat(message.get("MessageGroupId").asText()).isEqualTo("group");
        assertThat(message.get("MessageDeduplicationId").asText()).isEqualTo("once");
        assertThat(message.get("MessageBody").asText()).isEqualTo("exports/alice/\"a\".zip");
    }

    @Test
    void send_rejected_throwsWithStatusAndErrorCode() {
        assertThatThrownBy(() -> senderTo(server.getAddress().getPort()).send("group", "once", "refused"))
                .isInstanceOf(BucketException.class)
                .hasMessage("the queue is not available (403 AccessDenied)");
    }

    @Test
    void send_connectionRefused_throwsWithTheCause() {
        assertThatThrownBy(() -> senderTo(1).send("group", "once", "a"))
                .isInstanceOf(BucketException.class)
                .hasMessage("the queue is not available (ConnectException)");
    }

    private JsonNode received() throws IOException {
        return new JsonMapper().readTree(received.get());
    }

    private static QueueSender senderTo(int port) {
        return new QueueSender(
                QUEUE,
                new Settings(Map.of(
                        "AWS_REGION", "eu-central-1",
                        "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
                        "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG",
                        "AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:" + port)));
    }
}
