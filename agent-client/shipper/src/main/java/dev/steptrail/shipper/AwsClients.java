package dev.steptrail.shipper;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Builds the AWS SDK's clients from the settings. If the settings contain no credentials or region, the SDK's default
 * chains provide them. The clients share one thread for timeouts and one HTTP client, because each HTTP client loads
 * the JVM's certificates into memory. Close this object after the clients' last use. Thread-safe.
 */
final class AwsClients implements AutoCloseable {
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]+");
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(60);

    /** The assumed minimum speed of an upload, from which its timeout is computed. */
    private static final int MIN_UPLOAD_BYTES_PER_SECOND = 32 * 1024;

    private static final long IDLE_TIMEOUT_SECONDS = 10;

    private final ShipperSettings settings;
    private final Duration attemptTimeout;
    private final ExecutionInterceptor[] interceptors;
    private final AwsCredentialsProvider credentials;
    private final Region region;
    private final SdkHttpClient http;
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, daemonFactory("steptrail-timeouts"));
    private final ThreadPoolExecutor callThread = daemonThreads("steptrail-calls", 1);

    /** @throws SettingsException if neither the settings nor the SDK's default chain name a region */
    AwsClients(ShipperSettings settings, ExecutionInterceptor... interceptors) {
        this(settings, ATTEMPT_TIMEOUT, interceptors);
    }

    AwsClients(ShipperSettings settings, Duration attemptTimeout, ExecutionInterceptor... interceptors) {
        this.settings = settings;
        this.attemptTimeout = attemptTimeout;
        this.interceptors = interceptors;
        region = region(settings);
        credentials = credentials(settings);
        http = ApacheHttpClient.create();
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(IDLE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
    }

    /**
     * Returns a new client for uploads. Bodies are not chunked, and have no checksum except the {@code Content-MD5}
     * that {@link ScreenshotBucket} adds, because S3-compatible servers may not support the SDK's newer defaults.
     */
    S3Client s3() {
        return configure(S3Client.builder(), "S3")
                .forcePathStyle(endpoint("S3").isPresent())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .serviceConfiguration(
                        S3Configuration.builder().chunkedEncodingEnabled(false).build())
                .build();
    }

    SqsClient sqs() {
        return configure(SqsClient.builder(), "SQS").build();
    }

    /**
     * Gets the {@code aws:userid} of the credentials from STS. GetCallerIdentity requires no permission.
     *
     * @throws ShipException if STS cannot be reached or returns an error or an invalid user id
     */
    String fetchUserId() throws ShipException {
        try (StsClient sts = configure(StsClient.builder(), "STS").build()) {
            String id = callInterruptibly(sts::getCallerIdentity).userId();
            if (id == null || !ShipperSettings.isUserId(id)) {
                throw AwsErrors.forIdentity(AwsErrors.invalidResponse("STS"));
            }
            return id;
        } catch (SdkException e) {
            throw AwsErrors.forIdentity(e);
        }
    }

    /** Returns the timeout of one attempt to upload {@code bytes}. */
    Duration attemptTimeout(int bytes) {
        return attemptTimeout.plusSeconds(bytes / MIN_UPLOAD_BYTES_PER_SECOND);
    }

    /** Returns the timeout of a call with its retries: 1.5 times the timeout of an attempt. */
    static Duration callTimeout(Duration attemptTimeout) {
        return attemptTimeout.multipliedBy(3).dividedBy(2);
    }

    /**
     * Makes a call on another thread, so that an interrupt ends the caller's wait. A blocked socket does not react to
     * an interrupt; {@link #close} closes its connection.
     *
     * @throws ShipException if the caller's thread is interrupted
     */
    <T> T callInterruptibly(Supplier<T> call) throws ShipException {
        Future<T> result = callThread.submit(call::get);
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShipException(ShipProblem.OTHER, "stopped while shipping", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException runtimeException) {
                throw runtimeException;
            }
            throw (Error) e.getCause(); // a supplier throws no checked exception
        } finally {
            result.cancel(true);
        }
    }

    private <B extends AwsClientBuilder<B, ?> & SdkSyncClientBuilder<B, ?>> B configure(B builder, String service) {
        ClientOverrideConfiguration.Builder configuration = ClientOverrideConfiguration.builder()
                .apiCallAttemptTimeout(attemptTimeout)
                .apiCallTimeout(callTimeout(attemptTimeout))
                .scheduledExecutorService(timer)
                .retryStrategy(RetryMode.STANDARD)
                .addExecutionInterceptor(new ResponseLimit());
        for (ExecutionInterceptor interceptor : interceptors) {
            configuration.addExecutionInterceptor(interceptor);
        }
        endpoint(service).ifPresent(builder::endpointOverride);
        return builder.httpClient(http)
                .region(region)
                .credentialsProvider(credentials)
                .overrideConfiguration(configuration.build());
    }

    private Optional<URI> endpoint(String service) {
        return settings.uri("AWS_ENDPOINT_URL_" + service).or(() -> settings.uri("AWS_ENDPOINT_URL"));
    }

    private static Region region(ShipperSettings settings) {
        String region = settings.get("AWS_REGION").orElseGet(() -> {
            try {
                return new DefaultAwsRegionProviderChain().getRegion().id();
            } catch (RuntimeException e) {
                throw new SettingsException(
                        "AWS_REGION is not set: set it to the region of the queue, such as eu-west-1");
            }
        });
        if (!REGION.matcher(region).matches()) {
            throw new SettingsException("AWS_REGION is not a valid region (expected a name such as eu-west-1)");
        }
        return Region.of(region);
    }

    private static AwsCredentialsProvider credentials(ShipperSettings settings) {
        Optional<String> key = settings.get("AWS_ACCESS_KEY_ID");
        Optional<String> secret = settings.get("AWS_SECRET_ACCESS_KEY");
        if (key.isEmpty() || secret.isEmpty()) {
            return new DefaultCredentials();
        }
        Optional<String> token = settings.get("AWS_SESSION_TOKEN");
        return StaticCredentialsProvider.create(
                token.isPresent()
                        ? AwsSessionCredentials.create(key.get(), secret.get(), token.get())
                        : AwsBasicCredentials.create(key.get(), secret.get()));
    }

    /** Returns a pool of up to {@code count} daemon threads, which end after 10 s without work. */
    static ThreadPoolExecutor daemonThreads(String name, int count) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                count, count, IDLE_TIMEOUT_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemonFactory(name));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static ThreadFactory daemonFactory(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {
        http.close();
        timer.shutdownNow();
        callThread.shutdownNow();
        if (credentials instanceof SdkAutoCloseable closeable) {
            closeable.close();
        }
    }

    /** Thrown if no credentials were found or they could not be refreshed. */
    static final class NoCredentialsException extends SdkClientException {
        private static final long serialVersionUID = 1;

        NoCredentialsException(RuntimeException cause) {
            super(SdkClientException.builder().message(cause.getMessage()).cause(cause));
        }
    }

    /** The SDK's default chain, which reports its failures as {@link NoCredentialsException}. */
    private static final class DefaultCredentials implements AwsCredentialsProvider, SdkAutoCloseable {
        /**
         * The supplier reads {@code ~/.aws} on each call. The SDK's own supplier never reads a file that was missing
         * when the process started.
         */
        private final DefaultCredentialsProvider chain = DefaultCredentialsProvider.builder()
                .profileFile(ProfileFile::defaultProfileFile)
                .build();

        @Override
        public AwsCredentials resolveCredentials() {
            try {
                return chain.resolveCredentials();
            } catch (RuntimeException e) { // SdkException, or any exception that a malformed profile causes
                throw new NoCredentialsException(e);
            }
        }

        @Override
        public void close() {
            chain.close();
        }
    }
}
