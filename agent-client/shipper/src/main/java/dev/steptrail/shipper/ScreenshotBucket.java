package dev.steptrail.shipper;

import dev.steptrail.shipper.aws.AwsAnswer;
import dev.steptrail.shipper.aws.AwsClient;
import dev.steptrail.shipper.aws.AwsRefusal;
import dev.steptrail.shipper.aws.AwsService;
import dev.steptrail.shipper.aws.NoCredentialsException;
import java.io.IOException;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpMethod;

/** The bucket that takes the screenshots, and the records that are too large for a message. Thread-safe. */
final class ScreenshotBucket {
    private final ShipperSettings settings;
    private final AwsClient bucket;

    ScreenshotBucket(ShipperSettings settings, AwsClient bucket) {
        this.settings = settings;
        this.bucket = bucket;
    }

    /** Stores an object; one that is there already under this key has the same content, since keys are hashes. */
    void put(String key, byte[] bytes, String contentType) throws ShipException {
        try {
            AwsAnswer stored = bucket.send(SdkHttpMethod.PUT, "/" + key, Map.of("Content-Type", contentType), bytes);
            if (!stored.has("ETag")) {
                throw stored.isNotOf(AwsService.S3);
            }
        } catch (AwsRefusal | NoCredentialsException e) {
            throw AwsErrors.ofBucket(e, settings);
        } catch (IOException e) {
            throw AwsErrors.ofBucket(reasonBehind(e, key), settings);
        }
    }

    /**
     * Some servers refuse a request before they have read the body, and close: the refusal is lost where the client is still
     * writing. A request without a body always gets its answer, so it is asked for an object; what the answer says of the
     * credentials or the bucket holds for storing too. That reading itself is not allowed says nothing.
     */
    private Exception reasonBehind(IOException failed, String key) {
        try {
            bucket.send(SdkHttpMethod.GET, "/" + key, Map.of("Range", "bytes=0-0"), new byte[0]);
            return failed;
        } catch (AwsRefusal refused) {
            return AwsErrors.isOfSettings(refused) ? refused : failed;
        } catch (IOException alsoFailed) {
            failed.addSuppressed(alsoFailed);
            return failed;
        }
    }
}
