package dev.steptrail.shipper;

import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.utils.Md5Utils;

/** The bucket that stores the screenshots, and the records that are too large for a message. Thread-safe. */
final class ScreenshotBucket {
    private final ShipperSettings settings;
    private final AwsClients clients;
    private final S3Client s3;

    ScreenshotBucket(ShipperSettings settings, AwsClients clients) {
        this.settings = settings;
        this.clients = clients;
        s3 = clients.s3();
    }

    /**
     * Stores an object, whose key is a hash of its content: an object that already has this key is the same. The server compares
     * the content with its MD5, which every S3-compatible server can, and refuses what was corrupted on the way.
     */
    void put(String key, byte[] bytes, String contentType) throws ShipException {
        Duration timeout = clients.attemptTimeout(bytes.length);
        try {
            PutObjectResponse stored = s3.putObject(
                    request -> request.bucket(settings.bucket())
                            .key(key)
                            .contentType(contentType)
                            .contentMD5(Md5Utils.md5AsBase64(bytes))
                            .overrideConfiguration(configuration -> configuration
                                    .apiCallAttemptTimeout(timeout)
                                    .apiCallTimeout(AwsClients.callTimeout(timeout))),
                    RequestBody.fromBytes(bytes));
            if (stored.eTag() == null) {
                throw AwsErrors.ofBucket(AwsErrors.notAws("S3"), settings);
            }
        } catch (SdkException e) {
            throw AwsErrors.ofBucket(e, settings);
        }
    }
}
