package dev.steptrail.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedGetObjectRequest;

/** Compares URLs with those of S3Presigner. */
class BucketUrlsTest {
    private static final Map<String, String> SETTINGS = Map.of(
            "STEPTRAIL_BUCKET", "trail",
            "AWS_REGION", "eu-central-1",
            "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG",
            "AWS_SESSION_TOKEN", "to+k/en==");

    @ParameterizedTest
    @CsvSource({
        "trail,eu-central-1,",
        "dotted.trail,eu-central-1,",
        "trail,cn-north-1,",
        "trail,us-east-1,http://127.0.0.1:9000",
        "trail,us-east-1,https://s3.example.com:443/below/",
    })
    void sign_forAnyBucketRegionAndEndpoint_equalsTheSdk(String bucket, String region, String endpoint) {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("STEPTRAIL_BUCKET", bucket);
        settings.put("AWS_REGION", region);
        settings.put("AWS_ENDPOINT_URL_S3", endpoint == null ? "" : endpoint);

        assertSignsAsTheSdk(settings, "screenshots/AROA:a@b.c,d=e/é 相+~'()*!/c.webp");
    }

    @Property(tries = 50)
    void sign_forAnyKey_equalsTheSdk(@ForAll @NotEmpty String name) {
        assertSignsAsTheSdk(SETTINGS, "screenshots/sender/" + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9000", "no url", "ftp://host", "http://host?a=b"})
    void constructor_withInvalidEndpoint_namesTheSetting(String endpoint) {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("AWS_ENDPOINT_URL_S3", endpoint);

        assertThatThrownBy(() -> new BucketUrls(new Settings(settings)))
                .hasMessage("AWS_ENDPOINT_URL_S3: '" + endpoint
                        + "' is not a valid endpoint (expected a URL like https://s3.example.com)");
    }

    private static void assertSignsAsTheSdk(Map<String, String> settings, String key) {
        String endpoint = settings.getOrDefault("AWS_ENDPOINT_URL_S3", "");
        S3Presigner.Builder builder = S3Presigner.builder()
                .region(Region.of(settings.get("AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(AwsSessionCredentials.create(
                        settings.get("AWS_ACCESS_KEY_ID"),
                        settings.get("AWS_SECRET_ACCESS_KEY"),
                        settings.get("AWS_SESSION_TOKEN"))))
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(!endpoint.isEmpty())
                        .build());
        if (!endpoint.isEmpty()) {
            builder.endpointOverride(URI.create(endpoint));
        }
        try (S3Presigner sdk = builder.build()) {
            for (String type : Arrays.asList(null, "image/webp")) {
                PresignedGetObjectRequest theirs =
                        sdk.presignGetObject(request -> request.signatureDuration(Duration.ofMinutes(5))
                                .getObjectRequest(object -> object.bucket(settings.get("STEPTRAIL_BUCKET"))
                                        .key(key)
                                        .responseContentType(type)));
                Instant then = theirs.expiration().minus(Duration.ofMinutes(5));
                UrlSigner ours = new BucketUrls(new Settings(settings)).signer(then, Duration.ofMinutes(5));

                String url = type == null ? ours.sign(key) : ours.sign(key, type);
                assertThat(parts(url)).isEqualTo(parts(theirs.url().toString()));
                assertThat(ours.sign(key)).as("signed again").isEqualTo(ours.sign(key));
            }
        }
    }

    /** Returns the URL's base and parameters, regardless of their order and of a default port. */
    private static Set<String> parts(String url) {
        return Set.of(url.replace(":443/", "/").split("[?&]"));
    }
}
