package dev.steptrail.shipper;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;

/** The bucket that takes the screenshots, and the records that are too large for a message. Thread-safe. */
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
        } catch (SdkClientException e) {
            throw AwsErrors.ofBucket(reasonBehind(e, key), settings);
        } catch (SdkException e) {
            throw AwsErrors.ofBucket(e, settings);
        }
    }

    /**
     * Some servers refuse a request before they have read the body, and close: the refusal is lost where the client is still
     * writing. A request without a body always gets its answer, so it is asked for an object; what the answer says of the
     * credentials or the bucket holds for storing too. That reading itself is not allowed says nothing.
     */
    private SdkException reasonBehind(SdkClientException failed, String key) {
        try {
            s3.getObject(
                    request -> request.bucket(settings.bucket()).key(key).range("bytes=0-0"),
                    ResponseTransformer.toBytes());
            return failed;
        } catch (AwsServiceException refused) {
            return AwsErrors.isOfSettings(refused) ? refused : failed;
        } catch (SdkException alsoFailed) {
            failed.addSuppressed(alsoFailed);
            return failed;
        }
    }

    @Override
    public void close() {
        s3.close();
    }
}
