package dev.steptrail.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoleCredentialsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final List<String> asked = new ArrayList<>();
    private HttpServer endpoint;
    private String answer = "";
    private Instant now = START;

    @BeforeEach
    void startEndpoint() throws IOException {
        endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endpoint.createContext("/", exchange -> {
            asked.add(Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), ""));
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        endpoint.start();
    }

    @AfterEach
    void stopEndpoint() {
        endpoint.stop(0);
    }

    private RoleCredentials restored() {
        String uri = "http://127.0.0.1:" + endpoint.getAddress().getPort() + "/credentials";
        return new RoleCredentials(
                new Settings(Map.of(
                        "AWS_CONTAINER_CREDENTIALS_FULL_URI", uri, "AWS_CONTAINER_AUTHORIZATION_TOKEN", "let-me-in")),
                new Clock() {
                    @Override
                    public Instant instant() {
                        return now;
                    }

                    @Override
                    public ZoneId getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(ZoneId zone) {
                        throw new UnsupportedOperationException();
                    }
                });
    }

    private void answer(String id, Instant end) {
        answer = """
                {"RoleArn":"arn","Extra":{"a":[1]},"AccessKeyId":"%s","SecretAccessKey":"secret","Token":"token","Expiration":"%s"}""".formatted(id, end);
    }

    @Test
    void ofTheEnvironment_areTakenAsTheyAre() {
        RoleCredentials credentials = new RoleCredentials(new Settings(Map.of(
                "AWS_ACCESS_KEY_ID", "id",
                "AWS_SECRET_ACCESS_KEY", "secret",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/")));

        assertThat(credentials.now()).isEqualTo(new Credentials("id", "secret", null));
    }

    @Test
    void ofARestoredFunction_areAskedForOnce_andAgainBeforeTheyEnd() {
        RoleCredentials credentials = restored();
        assertThat(asked)
                .as("when it is made, in a snapshot, nobody can be asked")
                .isEmpty();
        answer("first", START.plus(Duration.ofHours(1)));

        assertThat(credentials.now()).isEqualTo(new Credentials("first", "secret", "token"));
        answer("second", START.plus(Duration.ofHours(2)));
        now = START.plus(Duration.ofMinutes(54));
        assertThat(credentials.now().accessKeyId()).isEqualTo("first");
        now = START.plus(Duration.ofMinutes(56));
        assertThat(credentials.now().accessKeyId()).isEqualTo("second");
        assertThat(asked).containsExactly("let-me-in", "let-me-in");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "{\"AccessKeyId\":\"id\"}",
                "[]",
                "{\"AccessKeyId\":\"id\",\"SecretAccessKey\":\"hush\",\"Expiration\":\"soon\"}"
            })
    void anAnswerThatTellsNone_isAFailureThatQuotesNothing_andTheNextCallAsksAgain(String text) {
        RoleCredentials credentials = restored();
        answer = text;

        assertThatThrownBy(credentials::now)
                .isInstanceOf(CredentialsException.class)
                .hasMessageContaining("the role's credentials are not told")
                .hasMessageNotContaining("hush");
        answer("id", START.plus(Duration.ofHours(1)));
        assertThat(credentials.now().accessKeyId()).isEqualTo("id");
    }

    @Test
    void whereTheEndpointIsSilent_thoseThatAreGoodStillServe_untilTheyEnd() {
        RoleCredentials credentials = restored();
        answer("first", START.plus(Duration.ofHours(1)));
        credentials.now();
        answer = "";

        now = START.plus(Duration.ofMinutes(58));
        assertThat(credentials.now().accessKeyId()).isEqualTo("first");
        now = START.plus(Duration.ofMinutes(61));
        assertThatThrownBy(credentials::now).isInstanceOf(CredentialsException.class);
    }

    @Test
    void theyAreNotPrinted() {
        assertThat(new Credentials("id", "secret", "token")).hasToString("Credentials of id");
        assertThat(new Signature(new Credentials("id", "secret", "token"), "eu-central-1", "s3"))
                .asString()
                .doesNotContain("secret", "token");
    }
}
