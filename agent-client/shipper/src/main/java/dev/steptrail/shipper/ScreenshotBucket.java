package dev.steptrail.shipper;

import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.utils.Md5Utils;

/** The bucket that stores the screenshots, and the records that are too large for a message. Thread-safe. */
final class ScreenshotBucket {
    /**
     * Responses to a request with a condition: not implemented, conflict, not fulfilled (<a
     * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html">conditional writes</a>).
     */
    private static final Set<Integer> OF_CONDITION = Set.of(501, 409, 412);

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
     * the content with its MD5, which every S3-compatible server can, and refuses what was corrupted on the way. The SDK sends
     * {@code Expect: 100-continue}, so S3 refuses a request before it receives the content.
     */
    void put(String key, byte[] bytes, String contentType) throws ShipException {
        Duration timeout = clients.attemptTimeout(bytes.length);
        PutObjectRequest request = PutObjectRequest.builder()
                .bucket(settings.bucket())
                .key(key)
                .contentType(contentType)
                .contentMD5(Md5Utils.md5AsBase64(bytes))
                .overrideConfiguration(configuration ->
                        configuration.apiCallAttemptTimeout(timeout).apiCallTimeout(AwsClients.callTimeout(timeout)))
                .build();
        try {
            PutObjectResponse stored = s3.putObject(request, RequestBody.fromBytes(bytes));
            if (stored.eTag() == null) {
                throw AwsErrors.ofBucket(AwsErrors.notAws("S3"), settings);
            }
        } catch (SdkException e) {
            boolean disconnected =
                    e.getCause() instanceof SocketException && !(e.getCause() instanceof ConnectException);
            throw AwsErrors.ofBucket(disconnected ? refusal(request, e) : e, settings);
        }
    }

    /**
     * Sends a request again without its content, and returns the server's error, or {@code broken} if there is none. Some servers,
     * such as S3Proxy, ask for the content first and then close the connection while it is being sent, and their response is
     * lost. Nothing is stored, because the MD5 is not that of an empty object. A server that does not check the MD5 overwrites no object,
     * because of {@code If-None-Match}, and one that does not know this header refuses the request.
     */
    private SdkException refusal(PutObjectRequest request, SdkException broken) {
        try {
            s3.putObject(request.toBuilder().ifNoneMatch("*").build(), RequestBody.empty());
            return broken;
        } catch (AwsServiceException e) {
            boolean isOfThisRequest = AwsErrors.isBadDigest(e) || OF_CONDITION.contains(e.statusCode());
            return isOfThisRequest ? broken : e;
        } catch (SdkException unreachable) {
            return broken;
        }
    }
}
