package dev.steptrail.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.steptrail.aws.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import software.amazon.awssdk.utils.StringInputStream;

/** Holds our signature to that of the AWS SDK; what is sent goes to a server that looks at it. */
class QueueSenderTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final String QUEUE = "https://sqs.eu-central-1.amazonaws.com/000000000000/exports.fifo";
    private static final Map<String, String> SETTINGS = Map.of(
            "AWS_REGION", "eu-central-1",
            "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG",
            "AWS_SESSION_TOKEN", "to+k/en==");

    @Test
    void aRequest_isSignedAsTheSdkDoes() {
        Map<String, String> ours = new QueueSender(QUEUE, new Settings(SETTINGS)).headers("{\"a\":\"相\"}", NOW);

        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(URI.create("https://sqs.eu-central-1.amazonaws.com/"))
                .putHeader("content-type", "application/x-amz-json-1.0")
                .putHeader("x-amz-target", "AmazonSQS.SendMessage")
                .build();
        SdkHttpRequest signed = AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(AwsSessionCredentialsIdentity.create(
                                "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG", "to+k/en=="))
                        .request(request)
                        .payload(() -> new StringInputStream("{\"a\":\"相\"}"))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "sqs")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-central-1")
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(NOW, ZoneOffset.UTC)))
                .request();
        assertThat(ours.get("authorization"))
                .isEqualTo(signed.firstMatchingHeader("Authorization").orElseThrow());
    }

    @Test
    void aMessage_isOneRequest_andARefusalIsTold() throws Exception {
        AtomicReference<String> body = new AtomicReference<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            body.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(body.get().contains("refused") ? 403 : 200, -1);
            exchange.close();
        });
        server.start();
        try {
            QueueSender sender =
                    senderTo("http://127.0.0.1:" + server.getAddress().getPort());

            sender.send("group", "once", "exports/alice/a.zip");

            assertThat(body.get())
                    .matches("\\{\"QueueUrl\":\"" + QUEUE + "\",\"MessageGroupId\":\"group\","
                            + "\"MessageDeduplicationId\":\"once\",\"MessageBody\":\"exports/alice/a.zip\"}");
            assertThatThrownBy(() -> sender.send("group", "once", "refused"))
                    .isInstanceOf(BucketException.class)
                    .hasMessage("the queue is not available (403)");
        } finally {
            server.stop(0);
        }
        assertThatThrownBy(() -> senderTo("http://127.0.0.1:1").send("group", "once", "a"))
                .isInstanceOf(BucketException.class)
                .hasMessage("the queue is not available (ConnectException)");
    }

    private static QueueSender senderTo(String endpoint) throws IOException {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("AWS_ENDPOINT_URL_SQS", endpoint);
        return new QueueSender(QUEUE, new Settings(settings));
    }
}
