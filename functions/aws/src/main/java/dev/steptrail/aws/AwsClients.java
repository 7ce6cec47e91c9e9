package dev.steptrail.aws;

import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.S3Utilities;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;

/**
 * Creates clients of the AWS SDK from a function's settings: {@code AWS_REGION}; {@code AWS_ENDPOINT_URL_S3} and {@code AWS_ENDPOINT_URL_SQS}
 * for S3 and SQS at another address than Amazon's; and, where the settings are not the environment of this process, {@code
 * AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY} and {@code AWS_SESSION_TOKEN}. Thread-safe.
 *
 * <p>The credentials of a deployed function come from the SDK's default chain, which loads them when a request is signed. {@link
 * #forgetCredentials} keeps them out of a SnapStart snapshot.
 */
public final class AwsClients {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(10);

    /** The capacity of the SDK's cache (first in, first out) that the signer of database tokens uses; a test holds it. */
    private static final int CACHED_SIGNING_KEYS = 300;

    /** Shared by all clients; it caches credentials. */
    private static volatile AwsCredentialsProvider defaultChain =
            DefaultCredentialsProvider.builder().build();

    private final AwsCredentialsProvider credentials;
    private final Region region;
    private final @Nullable URI s3Endpoint;
    private final @Nullable URI sqsEndpoint;

    /** @throws IllegalArgumentException naming the setting that is missing or wrong */
    public AwsClients(Settings settings) {
        this.region = Region.of(settings.required("AWS_REGION"));
        this.credentials = credentials(settings);
        this.s3Endpoint = endpoint(settings, "AWS_ENDPOINT_URL_S3");
        this.sqsEndpoint = endpoint(settings, "AWS_ENDPOINT_URL_SQS");
    }

    private static AwsCredentialsProvider credentials(Settings settings) {
        if (settings.areProcessEnvironment()) {
            return processCredentials();
        }
        String id = settings.required("AWS_ACCESS_KEY_ID");
        String secret = settings.required("AWS_SECRET_ACCESS_KEY");
        String token = settings.optional("AWS_SESSION_TOKEN", "");
        return StaticCredentialsProvider.create(
                token.isEmpty()
                        ? AwsBasicCredentials.create(id, secret)
                        : AwsSessionCredentials.create(id, secret, token));
    }

    static AwsCredentialsProvider processCredentials() {
        return () -> defaultChain.resolveCredentials();
    }

    /**
     * Drops the credentials that the default chain has loaded and what the SDK derived from them, before a snapshot of this process is taken. The
     * next request loads them anew.
     */
    public static void forgetCredentials() {
        defaultChain = DefaultCredentialsProvider.builder().build();
        evictSigningKeys();
    }

    /** Fills the SDK's static cache of signing keys, whose entries are named by the secret access key, with made-up ones. */
    private static void evictSigningKeys() {
        for (int i = 0; i < CACHED_SIGNING_KEYS; i++) {
            String madeUp = "evicted" + i;
            RdsUtilities.builder()
                    .region(Region.US_EAST_1)
                    .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(madeUp, madeUp)))
                    .build()
                    .generateAuthenticationToken(
                            token -> token.hostname("localhost").port(1).username(madeUp));
        }
    }

    private static @Nullable URI endpoint(Settings settings, String name) {
        String endpoint = settings.optional(name, "");
        if (endpoint.isEmpty()) {
            return null;
        }
        if (!endpoint.matches("https?://[^/?#]+(/[^?#]*)?")) {
            throw new IllegalArgumentException(
                    name + ": '" + endpoint + "' is not a valid endpoint (expected a URL like https://s3.example.com)");
        }
        return URI.create(endpoint);
    }

    /** Returns a new client of S3 that the caller must close. Its requests may be retried up to twice. */
    public S3Client s3() {
        S3ClientBuilder builder = S3Client.builder()
                .region(region)
                .credentialsProvider(credentials)
                .httpClient(http());
        if (s3Endpoint != null) {
            // Servers other than Amazon's may have no host name for a bucket, and may not know the SDK's checksums.
            builder.endpointOverride(s3Endpoint)
                    .forcePathStyle(true)
                    .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        }
        return builder.build();
    }

    /**
     * Returns a new client of SQS that the caller must close.
     *
     * @param queueUrl whose host is asked unless {@code AWS_ENDPOINT_URL_SQS} is set
     */
    SqsClient sqs(String queueUrl) {
        SqsClientBuilder builder = SqsClient.builder()
                .region(region)
                .credentialsProvider(credentials)
                .httpClient(http());
        return builder.endpointOverride(
                        sqsEndpoint != null ? sqsEndpoint : URI.create(queueUrl).resolve("/"))
                .build();
    }

    /** Not the SDK's client on {@code HttpURLConnection}: that one takes a response that was cut off for the whole object. */
    private static SdkHttpClient http() {
        return ApacheHttpClient.builder()
                .connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(SOCKET_TIMEOUT)
                .build();
    }

    /**
     * Returns a supplier of passwords for a database user that logs in with this function's role. Each is valid for 15 minutes; see <a
     * href="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html">IAM database authentication</a>. The
     * supplier throws {@link CredentialsException}.
     */
    public Supplier<String> databaseTokens(String host, int port, String user) {
        RdsUtilities utilities = RdsUtilities.builder()
                .region(region)
                .credentialsProvider(credentials)
                .build();
        return () -> {
            resolveCredentials();
            return utilities.generateAuthenticationToken(
                    token -> token.hostname(host).port(port).username(user));
        };
    }

    /** @throws CredentialsException if they cannot be loaded now */
    AwsCredentials resolveCredentials() {
        try {
            return credentials.resolveCredentials();
        } catch (SdkException e) {
            throw new CredentialsException(e);
        }
    }

    Region region() {
        return region;
    }

    /** Returns the URL under which a bucket's objects are, ending with a slash. */
    URI bucketUrl(String bucket) {
        String url = S3Utilities.builder()
                .region(region)
                .s3Configuration(S3Configuration.builder()
                        .pathStyleAccessEnabled(s3Endpoint != null)
                        .build())
                .build()
                .getUrl(request -> request.bucket(bucket).key("k").endpoint(s3Endpoint))
                .toString();
        return URI.create(url.substring(0, url.length() - 1));
    }
}
