package dev.steptrail.shipper;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** The bucket that takes the screenshots. Thread-safe. */
final class ScreenshotBucket implements AutoCloseable {
    private final ShipperSettings settings;
    private final S3Client s3;

    ScreenshotBucket(ShipperSettings settings, S3Client s3) {
        this.settings = settings;
        this.s3 = s3;
    }

    /** Stores an object; one that is there already under this key has the same content, since keys are hashes. */
    void put(String key, byte[] bytes, String contentType) throws ShipException {
        try {
            s3.putObject(
                    request -> request.bucket(settings.bucket()).key(key).contentType(contentType),
                    RequestBody.fromBytes(bytes));
        } catch (SdkException e) {
            throw AwsErrors.ofBucket(e, settings);
        }
    }

    @Override
    public void close() {
        s3.close();
    }
}
