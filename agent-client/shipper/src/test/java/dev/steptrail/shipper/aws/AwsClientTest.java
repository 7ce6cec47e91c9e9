package dev.steptrail.shipper.aws;

import static dev.steptrail.shipper.aws.ScriptedServer.says;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.apache.ApacheHttpClient;

/** Against a server that says what it is told; that real ones take the signatures is shown where they are used. */
class AwsClientTest {
    private static final DateTimeFormatter SIGNED_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String SKEWED =
            "<Error><Code>RequestTimeTooSkewed</Code><Message>The difference is too large</Message></Error>";

    private final List<Instant> times = new ArrayList<>();
    private final HttpCalls calls = new HttpCalls(ApacheHttpClient.create());

    @AfterEach
    void close() {
        calls.close();
    }

    @Test
    void request_isSignedForItsServiceAndRegion() throws Exception {
        try (ScriptedServer server = new ScriptedServer(says(200, "{}"))) {
            assertThat(send(client(AwsService.SQS, server))).isEqualTo("{}");

            assertThat(server.asked().get(0).get("authorization"))
                    .startsWith("AWS4-HMAC-SHA256 Credential=key/")
                    .contains("/eu-west-1/sqs/aws4_request");
            assertThat(times).hasSize(1);
        }
    }

    @Test
    void failureOfTheServiceOrTheConnection_isTriedAgain() throws Exception {
        try (ScriptedServer server = new ScriptedServer(says(503, ""), says(""), says(200, "{}"))) {
            assertThat(send(client(AwsService.S3, server))).isEqualTo("{}");
        }
    }

    @Test
    void failureThatStays_isTold_afterThreeTries() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(says(503, ""), says(503, ""), says(502, "<html/>"), says(200, "{}"))) {
            assertThatThrownBy(() -> send(client(AwsService.S3, server)))
                    .isInstanceOfSatisfying(AwsRefusal.class, refusal -> {
                        assertThat(refusal.status()).isEqualTo(502);
                        assertThat(refusal.code()).isEmpty();
                    });
            assertThat(server.asked()).hasSize(3);
        }
    }

    @Test
    void refusal_isNotTriedAgain_andHasItsCode() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                says(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>"), says(200, "{}"))) {
            assertThatThrownBy(() -> send(client(AwsService.S3, server)))
                    .isInstanceOfSatisfying(AwsRefusal.class, refusal -> assertThat(refusal.code())
                            .isEqualTo("AccessDenied"));
            assertThat(server.asked()).hasSize(1);
        }
    }

    @Test
    void whereTheClockIsWrong_theServicesOwnIsUsed_fromThenOn() throws Exception {
        Instant theirs = Instant.now().plus(Duration.ofHours(3));
        String expired = "{\"__type\":\"com.amazon.coral#InvalidSignatureException\",\"message\":"
                + "\"Signature expired: 20251124T000000Z is now earlier than 20251124T030000Z\"}";
        try (ScriptedServer server =
                new ScriptedServer(says(400, theirs, expired), says(200, theirs, "{}"), says(200, theirs, "{}"))) {
            AwsClient client = client(AwsService.SQS, server);
            send(client);
            send(client);

            assertThat(server.asked().stream()
                            .map(headers -> SIGNED_TIME.parse(headers.get("x-amz-date"), Instant::from)))
                    .satisfiesExactly(
                            first -> assertThat(first).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES)),
                            again -> assertThat(again).isCloseTo(theirs, within(1, ChronoUnit.MINUTES)),
                            then -> assertThat(then).isCloseTo(theirs, within(1, ChronoUnit.MINUTES)));
        }
    }

    @Test
    void aRefusedClock_thatNoAnswerMends_isTold() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                says(403, "yesterday", SKEWED), says(403, (String) null, SKEWED), says(403, "", SKEWED))) {
            assertThatThrownBy(() -> send(client(AwsService.S3, server)))
                    .isInstanceOfSatisfying(AwsRefusal.class, refusal -> assertThat(refusal.isOfClock())
                            .isTrue());
            assertThat(times).isEmpty();
        }
    }

    @Test
    void whatIsSigned_isSent_withABodyAndWithout() throws Exception {
        try (ScriptedServer server = new ScriptedServer(says(200, "{}"), says(200, "{}"))) {
            AwsClient client = client(AwsService.S3, server);
            client.send(SdkHttpMethod.PUT, "/key", Map.of("Content-Type", "image/webp"), "x".getBytes(UTF_8));
            client.send(SdkHttpMethod.GET, "/key", Map.of("Range", "bytes=0-0"), new byte[0]);

            assertThat(server.asked()).allSatisfy(headers -> {
                String signed = headers.get("authorization").replaceAll(".*SignedHeaders=([^,]*),.*", "$1");
                assertThat(headers).containsKeys(signed.split(";"));
                assertThat(signed).contains("x-amz-security-token").contains("x-amz-content-sha256");
                assertThat(headers).containsEntry("x-amz-security-token", "token");
            });
        }
    }

    @Test
    void withoutCredentials_orWhereTheyCannotBeRenewed_nothingIsSent() throws Exception {
        try (ScriptedServer server = new ScriptedServer(says(200, "{}"))) {
            AwsCredentialsProvider refused = () -> {
                throw AwsServiceException.builder().message("ExpiredToken").build();
            };

            assertThatThrownBy(() -> send(client(AwsService.S3, server, refused)))
                    .isInstanceOf(NoCredentialsException.class)
                    .hasMessageContaining("ExpiredToken");
            assertThat(server.asked()).isEmpty();
        }
    }

    @Test
    void callerIdentity_isTheUserIdThatStsSays() throws Exception {
        String answer = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                + "<GetCallerIdentityResult><Arn>arn:aws:sts::1:assumed-role/lab/phone-3</Arn>"
                + "<UserId>AROAEXAMPLE:phone-3</UserId></GetCallerIdentityResult></GetCallerIdentityResponse>";
        try (ScriptedServer server = new ScriptedServer(says(200, answer))) {
            assertThat(new CallerIdentity(client(AwsService.STS, server)).userId())
                    .isEqualTo("AROAEXAMPLE:phone-3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html><body>Please sign in</body></html>", "<x><UserId>../a b</UserId></x>"})
    void whatDoesNotAnswerAsSts_isNoIdentity(String answer) throws Exception {
        try (ScriptedServer server = new ScriptedServer(says(200, answer))) {
            assertThatThrownBy(() -> new CallerIdentity(client(AwsService.STS, server)).userId())
                    .isInstanceOf(IOException.class)
                    .hasMessage("what answers with HTTP status 200 is not STS");
        }
    }

    private static String send(AwsClient client) throws IOException, AwsRefusal {
        return new String(
                client.send(SdkHttpMethod.PUT, "/a key", Map.of(), "x".getBytes(UTF_8))
                        .body(),
                UTF_8);
    }

    private AwsClient client(AwsService service, ScriptedServer server) {
        return client(
                service,
                server,
                StaticCredentialsProvider.create(AwsSessionCredentials.create("key", "secret", "token")));
    }

    private AwsClient client(AwsService service, ScriptedServer server, AwsCredentialsProvider credentials) {
        return new AwsClient(
                service, server.address(), "eu-west-1", new RequestCredentials(() -> credentials), calls, times::add);
    }
}
