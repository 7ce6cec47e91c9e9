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
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.rds.RdsUtilities;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.S3Utilities;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/**
 * Creates clients of the AWS SDK from a function's settings. The settings are {@code AWS_REGION} and, for servers
 * outside AWS, {@code AWS_ENDPOINT_URL_S3}, {@code AWS_ENDPOINT_URL_SQS}, {@code AWS_ENDPOINT_URL_SSM} and
 * {@code AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER}. If the settings are not this process's environment, they must
 * also contain {@code AWS_ACCESS_KEY_ID} and {@code AWS_SECRET_ACCESS_KEY}, and may contain {@code AWS_SESSION_TOKEN}.
 * Thread-safe.
 *
 * <p>The credentials of a deployed function come from the SDK's default chain, which loads them when a request is
 * signed. {@link #forgetCredentials} keeps the session's token out of a SnapStart snapshot.
 */
public final class AwsClients {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(10);

    /** Shared by all clients; it caches credentials. */
    private static volatile AwsCredentialsProvider defaultChain =
            DefaultCredentialsProvider.builder().build();

    private final AwsCredentialsProvider credentials;
    private final Region region;
    private final @Nullable URI s3Endpoint;
    private final @Nullable URI sqsEndpoint;
    private final @Nullable URI ssmEndpoint;
    private final @Nullable URI cognitoEndpoint;

    /** @throws IllegalArgumentException if a setting is missing or invalid; the message names it */
    public AwsClients(Settings settings) {
        this.region = Region.of(settings.required("AWS_REGION"));
        this.credentials = credentials(settings);
        this.s3Endpoint = endpoint(settings, "AWS_ENDPOINT_URL_S3");
        this.sqsEndpoint = endpoint(settings, "AWS_ENDPOINT_URL_SQS");
        this.ssmEndpoint = endpoint(settings, "AWS_ENDPOINT_URL_SSM");
        this.cognitoEndpoint = endpoint(settings, "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER");
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
        return () -> defaultChain.resolveCredentials(); // reads the field, which forgetCredentials() replaces
    }

    /** Drops loaded credentials before a snapshot. The next request loads them again. */
    static void forgetCredentials() {
        defaultChain = DefaultCredentialsProvider.builder().build();
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

    /** Returns a new S3 client, which the caller must close. It retries requests up to twice. */
    public S3Client s3() {
        S3ClientBuilder builder = configure(S3Client.builder(), s3Endpoint);
        if (s3Endpoint != null) {
            // Other servers may not support virtual-hosted buckets or the SDK's checksums.
            builder.forcePathStyle(true)
                    .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        }
        return builder.build();
    }

    /**
     * Returns a new SQS client, which the caller must close.
     *
     * @param queueUrl the queue; its host is the endpoint unless {@code AWS_ENDPOINT_URL_SQS} is set
     */
    SqsClient sqs(String queueUrl) {
        URI endpoint = sqsEndpoint != null ? sqsEndpoint : URI.create(queueUrl).resolve("/");
        return configure(SqsClient.builder(), endpoint).build();
    }

    /** Returns a new client of Systems Manager. */
    SsmClient ssm() {
        return configure(SsmClient.builder(), ssmEndpoint).build();
    }

    /** Returns a new client of Cognito user pools, which the caller must close. */
    public CognitoIdentityProviderClient cognito() {
        return configure(CognitoIdentityProviderClient.builder(), cognitoEndpoint)
                .build();
    }

    /** @param endpoint null for the service's endpoint in the region */
    private <B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>, C> B configure(
            B builder, @Nullable URI endpoint) {
        builder.region(region).credentialsProvider(credentials).httpClient(http());
        return endpoint == null ? builder : builder.endpointOverride(endpoint);
    }

    /** Returns Apache's client. The SDK's client for {@code HttpURLConnection} does not detect truncated responses. */
    private static SdkHttpClient http() {
        return ApacheHttpClient.builder()
                .connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(SOCKET_TIMEOUT)
                .build();
    }

    /**
     * Returns a supplier of IAM authentication tokens, which the database accepts as the user's password. Each token is
     * valid for 15 minutes; see <a
     * href="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html">IAM database
     * authentication</a>. The supplier throws {@link CredentialsException}.
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

    /** @throws CredentialsException if the credentials cannot be loaded */
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

    /** Returns the base URL of a bucket's objects, ending with a slash. */
    URI bucketUrl(String bucket) {
        String url = S3Utilities.builder()
                .region(region)
                .s3Configuration(S3Configuration.builder()
                        .pathStyleAccessEnabled(s3Endpoint != null)
                        .build())
                .build()
                .getUrl(request -> request.bucket(bucket).key("k").endpoint(s3Endpoint))
                .toString();
        return URI.create(url.substring(0, url.length() - 1)); // without the key "k", which getUrl requires
    }
}
