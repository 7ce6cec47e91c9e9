package dev.steptrail.export;

import dev.steptrail.aws.AwsClients;
import dev.steptrail.aws.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Reads and writes the bucket's objects for exports. Throws the SDK's exceptions after its retries. Thread-safe. */
final class ExportBucket {
    private final S3Client client;
    private final String bucket;

    /**
     * @param settings {@code STEPTRAIL_BUCKET} and those of {@link AwsClients}
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    ExportBucket(Settings settings) {
        bucket = settings.required("STEPTRAIL_BUCKET");
        client = new AwsClients(settings).s3();
    }

    boolean exists(String key) {
        try {
            client.headObject(request -> request.bucket(bucket).key(key));
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        }
    }

    /** Opens an object as a stream that the caller must close; empty if the object does not exist. */
    Optional<InputStream> open(String key) {
        try {
            return Optional.of(
                    client.getObject(request -> request.bucket(bucket).key(key)));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    /** Returns an object's bytes; empty if it does not exist or has more than {@code max} bytes. */
    Optional<byte[]> read(String key, int max) throws IOException {
        Optional<InputStream> opened = open(key);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = opened.get()) {
            byte[] bytes = in.readNBytes(max + 1);
            return bytes.length > max ? Optional.empty() : Optional.of(bytes);
        }
    }

    /** Stores an object in one request. */
    void put(String key, String contentType, byte[] bytes) {
        client.putObject(
                request -> request.bucket(bucket).key(key).contentType(contentType), RequestBody.fromBytes(bytes));
    }

    /** Returns a stream that writes an object of at most 80 GB. */
    MultipartUpload openUpload(String key, String contentType, String disposition) {
        return new MultipartUpload(client, bucket, key, contentType, disposition);
    }

    /** Deletes an object. Does nothing if it does not exist. */
    void delete(String key) {
        client.deleteObject(request -> request.bucket(bucket).key(key));
    }
}
