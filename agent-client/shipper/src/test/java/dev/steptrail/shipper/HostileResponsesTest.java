package dev.steptrail.shipper;

import static dev.steptrail.shipper.fixture.ScriptedServer.RESETS;
import static dev.steptrail.shipper.fixture.ScriptedServer.says;
import static dev.steptrail.shipper.fixture.ScriptedServer.saysWithoutEnd;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.ScriptedServer;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.utils.Md5Utils;

/** Servers that respond in place of AWS. Each call ends within its timeout, and at most 1 MiB of a response is read. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileResponsesTest {
    private static final Duration SOON = Duration.ofMillis(400);
    private static final Duration DRIP = Duration.ofMillis(20);
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";
    private static final String CHUNK = "20\r\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n";
    private static final String STORED =
            "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 403 No\r\n" + CHUNKED + CHUNK,
                "HTTP/1.1 403 No\r\n" + CHUNKED + "7\r\n<Error>\r\n",
                "HTTP/1.1 200 OK\r\n" + CHUNKED + CHUNK,
                "HTTP/1.1 403 No\r\nContent-Length: 9000000000000\r\n\r\n"
            })
    void endlessResponse_isReadUpToTheLimit(String beginning) throws Exception {
        ScriptedServer.Says endless = saysWithoutEnd(beginning, CHUNK.repeat(2048), Duration.ZERO);
        try (ScriptedServer server = new ScriptedServer(endless, endless, endless);
                AwsClients clients = clients(server)) {
            ScreenshotBucket bucket = new ScreenshotBucket(settings(server), clients);
            assertThatThrownBy(() -> put(bucket)).isInstanceOf(ShipException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 403 No\r\nContent-Length: 1000000\r\n\r\n"})
    void drippingResponse_timesOut(String beginning) throws Exception {
        ScriptedServer.Says drips = saysWithoutEnd(beginning, "x: y\r\n", DRIP);
        try (ScriptedServer server = new ScriptedServer(drips, drips, drips);
                AwsClients clients = new AwsClients(settings(server), SOON)) {
            ScreenshotBucket bucket = new ScreenshotBucket(settings(server), clients);
            assertThatThrownBy(() -> put(bucket)).isInstanceOf(ShipException.class);
            assertThat(Thread.interrupted()).isFalse();
        }
    }

    @Test
    void pageOfProxy_isNotTreatedAsAwsResponse() throws Exception {
        String page = "<html><body>Please sign in</body></html>";
        try (ScriptedServer server = new ScriptedServer(says(200, page), says(200, page), says(200, "{}"));
                AwsClients clients = clients(server)) {
            assertThatThrownBy(() -> put(new ScreenshotBucket(settings(server), clients)))
                    .hasMessage("S3 cannot be reached (the response is not from S3): check the network and"
                            + " AWS_ENDPOINT_URL_S3");
            assertThatThrownBy(() -> clients.fetchUserId()).hasMessageStartingWith("STS cannot be reached");
            assertThatThrownBy(
                            () -> new StepQueue(settings(server), clients).send(List.of(new MessageBody("{}", null))))
                    .hasMessageStartingWith("SQS cannot be reached (the response is not from SQS)");
        }
    }

    @Test
    void messageWithWrongMd5_doesNotCountAsSent() throws Exception {
        String corrupted = "{\"Successful\":[{\"Id\":\"0\",\"MessageId\":\"1\",\"MD5OfMessageBody\":\"0123\"}]}";
        try (ScriptedServer server = new ScriptedServer(says(200, corrupted));
                AwsClients clients = clients(server)) {
            assertThatThrownBy(
                            () -> new StepQueue(settings(server), clients).send(List.of(new MessageBody("{}", null))))
                    .isInstanceOf(ShipException.class)
                    .hasMessageContaining("MD5 returned by SQS does not match");
        }
    }

    @Test
    void interruptDuringACall_endsIt() throws Exception {
        Thread caller = Thread.currentThread();
        ScriptedServer.Says drips = saysWithoutEnd("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", "x", DRIP);
        try (ScriptedServer server = new ScriptedServer(connection -> {
                    caller.interrupt();
                    drips.into(connection);
                });
                AwsClients clients = clients(server)) {
            assertThatThrownBy(
                            () -> new StepQueue(settings(server), clients).send(List.of(new MessageBody("{}", null))))
                    .hasMessage("stopped while shipping");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void callerIdentity_isTheUserIdOfSts() throws Exception {
        String response = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                + "<GetCallerIdentityResult><Arn>arn:aws:sts::1:assumed-role/lab/phone-3</Arn>"
                + "<UserId>AROAEXAMPLE:phone-3</UserId></GetCallerIdentityResult></GetCallerIdentityResponse>";
        String notAnId = response.replace("AROAEXAMPLE:phone-3", "../a b");
        try (ScriptedServer server = new ScriptedServer(says(200, response), says(200, notAnId));
                AwsClients clients = clients(server)) {
            assertThat(clients.fetchUserId()).isEqualTo("AROAEXAMPLE:phone-3");
            assertThatThrownBy(() -> clients.fetchUserId()).hasMessageContaining("the response is not from STS");
        }
    }

    @Test
    void wrongClock_isCorrectedByServerDate_andEachAttemptHasChecksumsAndExpectContinue() throws Exception {
        Instant serverTime = Instant.now().plus(Duration.ofHours(3));
        String skewed = "<Error><Code>RequestTimeTooSkewed</Code><Message>too large</Message></Error>";
        try (ScriptedServer server = new ScriptedServer(says(403, serverTime, skewed), says(STORED), says(STORED));
                AwsClients clients = clients(server)) {
            ScreenshotBucket bucket = new ScreenshotBucket(settings(server), clients);
            put(bucket);
            put(bucket);

            assertThat(server.asked()).allSatisfy(headers -> assertThat(headers)
                    .containsEntry("content-md5", Md5Utils.md5AsBase64("x".getBytes(UTF_8)))
                    .containsEntry("x-amz-content-sha256", Sha256.hex("x".getBytes(UTF_8)))
                    .containsEntry("expect", "100-continue"));
            String day = serverTime.toString().substring(0, 13).replace("-", "");
            assertThat(server.asked())
                    .extracting(headers -> headers.get("x-amz-date"))
                    .satisfiesExactly(
                            first -> assertThat(first).doesNotStartWith(day),
                            retry -> assertThat(retry).startsWith(day),
                            next -> assertThat(next).startsWith(day));
        }
    }

    /** The server may reject the repeated, conditional request because the object exists: not the original error. */
    @ParameterizedTest
    @ValueSource(ints = {409, 412, 501})
    void lostResponse_conditionOfSecondRequest_isNotReported(int status) throws Exception {
        String error = "<Error><Code>Condition</Code><Message>of the second request</Message></Error>";
        try (ScriptedServer server = new ScriptedServer(RESETS, RESETS, RESETS, says(status, error));
                AwsClients clients = clients(server)) {
            assertThatThrownBy(() -> put(new ScreenshotBucket(settings(server), clients)))
                    .hasMessageStartingWith("S3 cannot be reached");
            assertThat(server.asked())
                    .extracting(headers -> headers.get("if-none-match"))
                    .containsExactly(null, null, null, "*");
        }
    }

    private static void put(ScreenshotBucket bucket) throws ShipException {
        bucket.put("key", "x".getBytes(UTF_8), "image/webp");
    }

    private static AwsClients clients(ScriptedServer server) {
        return new AwsClients(settings(server));
    }

    private static ShipperSettings settings(ScriptedServer server) {
        return ShipperSettings.from(Map.of(
                "STEPTRAIL_QUEUE_URL", server.address() + "/1/steps",
                "STEPTRAIL_BUCKET", "shots",
                "AWS_REGION", "eu-west-1",
                "AWS_ACCESS_KEY_ID", "key",
                "AWS_SECRET_ACCESS_KEY", "secret",
                "AWS_ENDPOINT_URL", server.address().toString()));
    }
}
