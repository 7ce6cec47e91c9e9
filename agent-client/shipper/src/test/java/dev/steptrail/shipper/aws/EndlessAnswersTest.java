package dev.steptrail.shipper.aws;

import static dev.steptrail.shipper.aws.ScriptedServer.says;
import static dev.steptrail.shipper.aws.ScriptedServer.saysWithoutEnd;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.aws.ScriptedServer.Says;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.apache.ApacheHttpClient;

/** No server holds the thread that asks it. A read that is blocked heeds no interrupt, so it is another thread that waits. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndlessAnswersTest {
    private static final int MAX_BYTES = 1024 * 1024;
    private static final Duration SOON = Duration.ofMillis(300);
    private static final Duration DRIP = Duration.ofMillis(20);
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";
    private static final String CHUNK = "10000\r\n" + "x".repeat(0x10000) + "\r\n";

    @Test
    void anAnswerWithoutEnd_isReadUpToItsLimit_andTheNextRequestIsAnswered() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(endless("HTTP/1.1 200 Said\r\n" + CHUNKED, CHUNK), says(200, "{}"));
                HttpCalls calls = new HttpCalls(ApacheHttpClient.create())) {
            AwsClient client = client(server, calls);

            assertThat(send(client).body()).hasSize(MAX_BYTES);
            assertThat(send(client).body()).asString().isEqualTo("{}");
        }
    }

    @Test
    void aRefusalWithoutEnd_isToldByItsBeginning() throws Exception {
        String refusal = "<Error><Code>AccessDenied</Code><Message>no</Message>";
        String first = Integer.toHexString(refusal.length()) + "\r\n" + refusal + "\r\n";
        try (ScriptedServer server = new ScriptedServer(endless("HTTP/1.1 403 Said\r\n" + CHUNKED + first, CHUNK));
                HttpCalls calls = new HttpCalls(ApacheHttpClient.create())) {
            assertThatThrownBy(() -> send(client(server, calls)))
                    .isInstanceOfSatisfying(
                            AwsRefusal.class, told -> assertThat(told.code()).isEqualTo("AccessDenied"));
        }
    }

    @Test
    void anAnswerThatWouldFillADisk_isReadUpToItsLimit() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                        endless("HTTP/1.1 200 Said\r\nContent-Length: 9000000000000\r\n\r\n", "x".repeat(0x10000)));
                HttpCalls calls = new HttpCalls(ApacheHttpClient.create())) {
            assertThat(send(client(server, calls)).body()).hasSize(MAX_BYTES);
        }
    }

    @Test
    void anAnswerOfTheGreatestLength_isWhole() throws Exception {
        String most = "x".repeat(MAX_BYTES);
        try (ScriptedServer server = new ScriptedServer(says(200, most));
                HttpCalls calls = new HttpCalls(ApacheHttpClient.create())) {
            assertThat(send(client(server, calls)).body()).isEqualTo(most.getBytes(UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 Said\r\n", "HTTP/1.1 200 Said\r\nContent-Length: 1000000\r\n\r\n"})
    void anAnswerThatDrips_isGivenUp_andNotAskedForAgain(String beginning) throws Exception {
        try (ScriptedServer server = new ScriptedServer(saysWithoutEnd(beginning, "x: y\r\n", DRIP), says(200, "{}"));
                HttpCalls calls = new HttpCalls(ApacheHttpClient.create(), SOON)) {
            assertThatThrownBy(() -> send(client(server, calls)))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("no whole answer within");
            assertThat(server.asked()).hasSize(1);
        }
    }

    @Test
    void anInterrupt_endsACall() throws Exception {
        Thread caller = Thread.currentThread();
        Says drips = saysWithoutEnd("HTTP/1.1 200 Said\r\nContent-Length: 1000000\r\n\r\n", "x", DRIP);
        try (ScriptedServer server = new ScriptedServer(connection -> {
                    caller.interrupt();
                    drips.into(connection);
                });
                HttpCalls calls = new HttpCalls(ApacheHttpClient.create())) {
            assertThatThrownBy(() -> send(client(server, calls))).hasMessage("interrupted during a call");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static Says endless(String words, String more) {
        return saysWithoutEnd(words, more, Duration.ZERO);
    }

    private static AwsAnswer send(AwsClient client) throws IOException, AwsRefusal {
        return client.send(SdkHttpMethod.PUT, "/key", Map.of(), "x".getBytes(UTF_8));
    }

    private static AwsClient client(ScriptedServer server, HttpCalls calls) {
        return new AwsClient(
                AwsService.S3,
                server.address(),
                "eu-west-1",
                new RequestCredentials(
                        () -> StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret"))),
                calls,
                time -> {});
    }
}
