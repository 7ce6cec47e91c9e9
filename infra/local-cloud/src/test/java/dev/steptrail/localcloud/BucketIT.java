package dev.steptrail.localcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

class BucketIT {
    private static final String KEY = "screenshots/AROAEXAMPLE:user@lab/0192/abc.webp";

    private final TestCloud cloud = TestCloud.shared();
    private final String bucket = cloud.env("STEPTRAIL_BUCKET");

    @Test
    void object_isReadBackUnchanged() {
        S3Client s3 = client(cloud.credentials());
        s3.putObject(
                request -> request.bucket(bucket).key(KEY).contentType("image/webp"), RequestBody.fromString("pixels"));

        var object = s3.getObjectAsBytes(request -> request.bucket(bucket).key(KEY));
        assertThat(object.asUtf8String()).isEqualTo("pixels");
        assertThat(object.response().contentType()).isEqualTo("image/webp");
    }

    @Test
    void wrongSecret_isRejected() {
        S3Client stranger = client(StaticCredentialsProvider.create(
                AwsBasicCredentials.create(cloud.env("AWS_ACCESS_KEY_ID"), "not the secret")));

        assertThatThrownBy(() ->
                        stranger.putObject(request -> request.bucket(bucket).key(KEY), RequestBody.fromString("x")))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
    }

    @Test
    void presignedUrl_worksWithinItsLifetime_andNotAfterIt() throws Exception {
        object_isReadBackUnchanged();
        URI expired = presign(Duration.ofSeconds(1));

        HttpResponse<String> answer = get(presign(Duration.ofMinutes(1)));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("pixels");
        assertThat(answer.headers().firstValue("content-type")).hasValue("image/webp");

        Thread.sleep(2_100);
        assertThat(get(expired).statusCode()).isEqualTo(403);
    }

    @Test
    void presignedUrl_withOneCharacterOfItsSignatureChanged_isRejected() throws Exception {
        String url = presign(Duration.ofMinutes(1)).toString();
        char last = url.charAt(url.length() - 1);
        assertThat(url).contains("X-Amz-Signature=");
        assertThat(url.substring(url.length() - 64)).matches("[0-9a-f]{64}");

        URI forged = URI.create(url.substring(0, url.length() - 1) + (last == '0' ? '1' : '0'));
        assertThat(get(forged).statusCode()).isEqualTo(403);
    }

    @Test
    void presignedUrl_isReadableByTheTemplatesOriginsOnly() throws Exception {
        object_isReadBackUnchanged();
        URI url = presign(Duration.ofMinutes(1));

        HttpHeaders allowed = getFrom("https://a.example.com", url).headers();
        assertThat(allowed.firstValue("access-control-allow-origin")).hasValue("https://a.example.com");
        assertThat(allowed.firstValue("access-control-expose-headers")).hasValue("ETag");
        assertThat(allowed.firstValue("access-control-allow-credentials")).isEmpty();
        for (String other : List.of("https://example.com", "https://a-example.com", "https://a.example.com.evil.net")) {
            HttpResponse<String> refused = getFrom(other, url);
            assertThat(refused.headers().firstValue("access-control-allow-origin"))
                    .as(other)
                    .isEmpty();
        }
    }

    private static HttpResponse<String> getFrom(String origin, URI url) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(url).header("Origin", origin).build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private URI presign(Duration life) throws Exception {
        try (S3Presigner presigner = S3Presigner.builder()
                .endpointOverride(URI.create(cloud.env("AWS_ENDPOINT_URL_S3")))
                .region(Region.of(cloud.env("AWS_REGION")))
                .credentialsProvider(cloud.credentials())
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .build()) {
            return presigner
                    .presignGetObject(presign -> presign.signatureDuration(life)
                            .getObjectRequest(get -> get.bucket(bucket).key(KEY)))
                    .url()
                    .toURI();
        }
    }

    private S3Client client(AwsCredentialsProvider credentials) {
        return S3Client.builder()
                .endpointOverride(URI.create(cloud.env("AWS_ENDPOINT_URL_S3")))
                .region(Region.of(cloud.env("AWS_REGION")))
                .credentialsProvider(credentials)
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    private static HttpResponse<String> get(URI url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
    }
}
