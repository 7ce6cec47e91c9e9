package dev.steptrail.localcloud.servers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.ParameterException;
import dev.steptrail.aws.ParameterStore;
import dev.steptrail.aws.ParameterStoreContract;
import dev.steptrail.aws.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

class ParameterServerTest extends ParameterStoreContract {
    @TempDir
    private Path folder;

    private ParameterServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = ParameterServer.start(folder, 0, "LOCALKEY", "secret");
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Override
    protected Settings settings() {
        return settings("LOCALKEY", "secret");
    }

    private Settings settings(String accessKey, String secretKey) {
        return new Settings(Map.of(
                "AWS_ENDPOINT_URL_SSM",
                "http://127.0.0.1:" + server.port(),
                "AWS_REGION",
                "us-east-1",
                "AWS_ACCESS_KEY_ID",
                accessKey,
                "AWS_SECRET_ACCESS_KEY",
                secretKey));
    }

    @Test
    void values_areFilesOfTheirOwnerInTheFolder_andSurviveARestart() throws IOException {
        new ParameterStore(settings()).put("/steptrail/../../a", "value");

        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> found = files.filter(Files::isRegularFile).toList();
            assertThat(found).singleElement().satisfies(file -> {
                assertThat(file.getParent()).isEqualTo(folder);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            });
        }
        server.close();
        server = ParameterServer.start(folder, 0, "LOCALKEY", "secret");
        assertThat(new ParameterStore(settings()).get("/steptrail/../../a")).isEqualTo("value");
    }

    /** The id of the access key is not secret: presigned URLs contain it. */
    @ParameterizedTest
    @CsvSource({"OTHERKEY,secret", "LOCALKEY,other"})
    void requestWithAnotherKey_isRefused(String accessKey, String secretKey) throws IOException {
        server.put("/steptrail/secret", "value");

        assertThatThrownBy(() -> new ParameterStore(settings(accessKey, secretKey)).get("/steptrail/secret"))
                .isInstanceOf(ParameterException.class)
                .hasMessage(
                        "the parameter '/steptrail/secret' cannot be read (InvalidSignatureException: the request was"
                                + " not signed with the keys of this local cloud within the last five minutes)");
    }

    @Test
    void signedRequest_isAcceptedUnchanged_andForFiveMinutesOnly() throws Exception {
        server.put("/steptrail/secret", "value");
        server.put("/steptrail/other", "other");
        String body = "{\"Name\":\"/steptrail/secret\"}";
        Map<String, String> signed = sign(body, Instant.now());

        assertThat(send(signed, body)).contains("\"Value\":\"value\"");

        String refused = "InvalidSignatureException";
        assertThat(send(signed, body.replace("secret", "other"))).contains(refused);
        assertThat(send(changed(signed, "X-Amz-Target", "AmazonSSM.DeleteParameters"), body))
                .contains(refused);
        assertThat(send(changed(signed, "X-Amz-Date", "today"), body)).contains(refused);
        assertThat(send(changed(signed, "Authorization", "AWS4-HMAC-SHA256 Credential=LOCALKEY/"), body))
                .contains(refused);
        assertThat(send(sign(body, Instant.now().minusSeconds(310)), body)).contains(refused);
        assertThat(send(sign(body, Instant.now().plusSeconds(310)), body)).contains(refused);
    }

    /** Another user of this machine can open connections without sending a complete request. */
    @Test
    void incompleteRequests_blockNoOthers_andAreClosed() throws Exception {
        new ParameterStore(settings()).put("/steptrail/secret", "value");
        try (Socket headers = new Socket(InetAddress.getLoopbackAddress(), server.port());
                Socket body = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            headers.getOutputStream().write("POST / HTTP/1.1\r\n".getBytes(US_ASCII));
            body.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{".getBytes(US_ASCII));
            Thread.sleep(200); // until the server reads them

            assertThat(new ParameterStore(settings()).get("/steptrail/secret")).isEqualTo("value");

            for (Socket incomplete : List.of(headers, body)) {
                incomplete.setSoTimeout(15_000);
                assertThat(incomplete.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    private Map<String, String> sign(String body, Instant time) {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(URI.create("http://127.0.0.1:" + server.port() + "/"))
                .putHeader("Content-Type", "application/x-amz-json-1.1")
                .putHeader("X-Amz-Target", "AmazonSSM.GetParameter")
                .build();
        Map<String, String> headers = new TreeMap<>();
        AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(AwsBasicCredentials.create("LOCALKEY", "secret"))
                        .request(request)
                        .payload(ContentStreamProvider.fromUtf8String(body))
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "ssm")
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(time, ZoneOffset.UTC)))
                .request()
                .forEachHeader((name, values) -> headers.put(name, values.get(0)));
        headers.remove("Host"); // the client sets it
        return headers;
    }

    private static Map<String, String> changed(Map<String, String> headers, String name, String value) {
        Map<String, String> changed = new TreeMap<>(headers);
        changed.put(name, value);
        return changed;
    }

    private String send(Map<String, String> headers, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::setHeader);
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
