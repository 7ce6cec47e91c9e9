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

/** The bucket for screenshots and large values of records. Thread-safe. */
final class ScreenshotBucket {
    /**
     * HTTP statuses that only a conditional request can cause: not implemented, conflict, precondition failed (<a
     * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html">conditional writes</a>).
     */
    private static final Set<Integer> CONDITION_STATUSES = Set.of(501, 409, 412);

    private final ShipperSettings settings;
    private final AwsClients clients;
    private final S3Client s3;

    ScreenshotBucket(ShipperSettings settings, AwsClients clients) {
        this.settings = settings;
        this.clients = clients;
        s3 = clients.s3();
    }

    /**
     * Stores an object. The key contains a hash of the content, so an existing object with this key is equal. The
     * server rejects content that does not match its MD5, a checksum that every S3-compatible server supports. The SDK
     * sends {@code Expect: 100-continue}, so S3 can reject a request before it receives the content.
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
                throw AwsErrors.forBucket(AwsErrors.invalidResponse("S3"), settings);
            }
        } catch (SdkException e) {
            boolean disconnected =
                    e.getCause() instanceof SocketException && !(e.getCause() instanceof ConnectException);
            throw AwsErrors.forBucket(disconnected ? findServerError(request, e) : e, settings);
        }
    }

    /**
     * Repeats a request without its content to get the server's error; returns {@code connectionError} if there is
     * none. Some servers, such as S3Proxy, request the content and then close the connection during the upload, so that
     * their response is lost. The repeated request stores nothing, because its MD5 does not match an empty object.
     * {@code If-None-Match} protects existing objects on servers that ignore the MD5; servers without support for this
     * header reject the request.
     */
    private SdkException findServerError(PutObjectRequest request, SdkException connectionError) {
        try {
            s3.putObject(request.toBuilder().ifNoneMatch("*").build(), RequestBody.empty());
            return connectionError;
        } catch (AwsServiceException e) {
            boolean causedByThisRequest = AwsErrors.isBadDigest(e) || CONDITION_STATUSES.contains(e.statusCode());
            return causedByThisRequest ? connectionError : e;
        } catch (SdkException unreachable) {
            return connectionError;
        }
    }
}
