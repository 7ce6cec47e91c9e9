package dev.steptrail.export;

import dev.steptrail.aws.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** The bucket, as exports need it. What S3 refuses is thrown as the SDK's own exception, after its own attempts. */
final class ExportBucket {
    private final S3Client client;
    private final String bucket;

    /**
     * @param settings {@code STEPTRAIL_BUCKET}, and those that Lambda gives: {@code AWS_REGION}, {@code AWS_ACCESS_KEY_ID}, {@code
     *     AWS_SECRET_ACCESS_KEY} and {@code AWS_SESSION_TOKEN}; {@code AWS_ENDPOINT_URL_S3} for another S3 than Amazon's
     * @throws IllegalArgumentException naming the setting that is missing
     */
    ExportBucket(Settings settings) {
        bucket = settings.required("STEPTRAIL_BUCKET");
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(settings.required("AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(credentials(settings)));
        String endpoint = settings.optional("AWS_ENDPOINT_URL_S3", "");
        client = endpoint.isEmpty()
                ? builder.build()
                : builder.endpointOverride(URI.create(endpoint))
                        .forcePathStyle(true)
                        .build();
    }

    private static AwsCredentials credentials(Settings settings) {
        String id = settings.required("AWS_ACCESS_KEY_ID");
        String secret = settings.required("AWS_SECRET_ACCESS_KEY");
        String session = settings.optional("AWS_SESSION_TOKEN", "");
        return session.isEmpty()
                ? AwsBasicCredentials.create(id, secret)
                : AwsSessionCredentials.create(id, secret, session);
    }

    boolean has(String key) {
        try {
            client.headObject(request -> request.bucket(bucket).key(key));
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        }
    }

    /** The bytes of an object, to be closed; empty if there is none. */
    Optional<InputStream> open(String key) {
        try {
            return Optional.of(
                    client.getObject(request -> request.bucket(bucket).key(key)));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    /** An object's bytes; empty if there is none, or it has more than so many. */
    Optional<byte[]> read(String key, int most) throws IOException {
        Optional<InputStream> opened = open(key);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = opened.get()) {
            byte[] bytes = in.readNBytes(most + 1);
            return bytes.length > most ? Optional.empty() : Optional.of(bytes);
        }
    }

    /** Stores a small object. */
    void put(String key, String contentType, byte[] bytes) {
        client.putObject(
                request -> request.bucket(bucket).key(key).contentType(contentType), RequestBody.fromBytes(bytes));
    }

    /** An object to be written. */
    MultipartUpload upload(String key, String contentType, String disposition) {
        return new MultipartUpload(client, bucket, key, contentType, disposition);
    }

    /** One that is not there is no failure. */
    void delete(String key) {
        client.deleteObject(request -> request.bucket(bucket).key(key));
    }
}
