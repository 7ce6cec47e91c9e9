package dev.steptrail.api;

import dev.steptrail.store.Settings;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedGetObjectRequest;

/** Signs URLs of objects in the bucket, which a browser opens without a token. Signing asks nobody. */
final class ScreenshotUrls {
    /** See "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)": X-Amz-Expires. */
    private static final Duration LONGEST = Duration.ofDays(7);

    private final S3Presigner presigner;
    private final String bucket;
    private final Duration lifetime;

    ScreenshotUrls(Settings settings) {
        this.bucket = settings.required("STEPTRAIL_BUCKET");
        this.lifetime = lifetime(settings.optional("STEPTRAIL_URL_LIFETIME", "PT5M"));
        String endpoint = settings.optional("AWS_ENDPOINT_URL_S3", "");
        S3Presigner.Builder builder = S3Presigner.builder()
                .region(Region.of(settings.required("AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(credentials(settings)))
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(!endpoint.isEmpty())
                        .build());
        if (!endpoint.isEmpty()) {
            builder.endpointOverride(endpoint(endpoint));
        }
        this.presigner = builder.build();
    }

    SignedUrl of(String key) {
        PresignedGetObjectRequest signed = presigner.presignGetObject(request -> request.signatureDuration(lifetime)
                .getObjectRequest(object -> object.bucket(bucket).key(key)));
        return new SignedUrl(signed.url().toString(), signed.expiration());
    }

    private static Duration lifetime(String text) {
        try {
            Duration given = Duration.parse(text);
            if (given.compareTo(Duration.ofSeconds(1)) >= 0) {
                return given.compareTo(LONGEST) > 0 ? LONGEST : given;
            }
        } catch (DateTimeException e) {
            throw wrongLifetime();
        }
        throw wrongLifetime();
    }

    private static IllegalArgumentException wrongLifetime() {
        return new IllegalArgumentException(
                "STEPTRAIL_URL_LIFETIME: must be a duration of a second or more in ISO 8601, like PT5M");
    }

    private static URI endpoint(String text) {
        try {
            URI endpoint = URI.create(text);
            if (endpoint.getHost() != null) {
                return endpoint;
            }
        } catch (IllegalArgumentException e) {
            throw wrongEndpoint();
        }
        throw wrongEndpoint();
    }

    private static IllegalArgumentException wrongEndpoint() {
        return new IllegalArgumentException("AWS_ENDPOINT_URL_S3: must be a URL, like https://s3.example.com");
    }

    private static AwsCredentials credentials(Settings settings) {
        String id = settings.required("AWS_ACCESS_KEY_ID");
        String secret = settings.required("AWS_SECRET_ACCESS_KEY");
        String session = settings.optional("AWS_SESSION_TOKEN", "");
        return session.isEmpty()
                ? AwsBasicCredentials.create(id, secret)
                : AwsSessionCredentials.create(id, secret, session);
    }
}
