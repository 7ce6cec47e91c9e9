package dev.steptrail.aws;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Reads objects of the bucket within a time limit. Thread-safe. */
public final class BucketReader {
    /** Includes retries. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);

    private final S3Client client;
    private final String bucket;
    private final Duration readTimeout;

    /**
     * @param settings {@code STEPTRAIL_BUCKET} and those of {@link AwsClients}
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    public BucketReader(Settings settings) {
        this(settings, READ_TIMEOUT);
    }

    BucketReader(Settings settings, Duration readTimeout) {
        this.bucket = settings.required("STEPTRAIL_BUCKET");
        this.client = new AwsClients(settings).s3();
        this.readTimeout = readTimeout;
    }

    /**
     * Returns the first bytes of an object; empty if it does not exist. Takes at most 5 seconds.
     *
     * @param limit the maximum number of bytes
     * @throws BucketException if S3 does not respond in time, or returns an error other than 404
     */
    public Optional<byte[]> read(String key, int limit) throws BucketException {
        return get(key, readTimeout, (response, body) -> {
            byte[] bytes = body.readNBytes(limit);
            body.abort(); // close() would read the remaining bytes
            return bytes;
        });
    }

    /**
     * Returns whether an object exists. Takes at most 5 seconds.
     *
     * @throws BucketException as {@link #read} does
     */
    public boolean exists(String key) throws BucketException {
        return read(key, 1).isPresent();
    }

    /**
     * Copies an object to a file, which is created or replaced.
     *
     * @param timeout includes retries
     * @return false if the object does not exist
     * @throws BucketException if S3 does not respond in time, or returns an error other than 404
     * @throws IOException if the file cannot be written
     */
    public boolean copy(String key, Path file, Duration timeout) throws BucketException, IOException {
        try {
            return get(key, timeout, (response, body) -> Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING))
                    .isPresent();
        } catch (BucketException e) {
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof FileSystemException failure) { // the SDK wraps the error of the file
                    throw failure;
                }
            }
            throw e;
        }
    }

    private <T> Optional<T> get(String key, Duration timeout, ResponseTransformer<GetObjectResponse, T> transformer)
            throws BucketException {
        try {
            return Optional.of(client.getObject(
                    request -> request.bucket(bucket)
                            .key(key)
                            .overrideConfiguration(limits -> limits.apiCallTimeout(timeout)),
                    transformer));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw BucketException.of("bucket", e);
        }
    }
}
