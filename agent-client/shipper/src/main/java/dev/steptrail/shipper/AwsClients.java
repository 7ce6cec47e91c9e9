package dev.steptrail.shipper;

import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Makes the clients of AWS out of the settings; what those leave open is for the SDK's own default chains. All of them share
 * its connections, for each set of these would read the machine's certificates anew: megabytes. To be closed after them.
 */
final class AwsClients implements AutoCloseable {
    private final ShipperSettings settings;
    private final AwsCredentialsProvider credentials;
    private final ExecutionInterceptor watcher;
    private final Region region;
    private final SdkHttpClient http;

    /** @throws SettingsException if no region is set, nor one known to the SDK */
    AwsClients(ShipperSettings settings) {
        this(settings, new ExecutionInterceptor() {});
    }

    /** Clients whose requests and answers {@code watcher} sees. */
    AwsClients(ShipperSettings settings, ExecutionInterceptor watcher) {
        this.settings = settings;
        this.watcher = watcher;
        credentials = credentials(settings);
        region = region(settings);
        http = ApacheHttpClient.create();
    }

    S3Client s3() {
        Optional<URI> endpoint = endpoint("AWS_ENDPOINT_URL_S3");
        return configured(S3Client.builder(), endpoint)
                .forcePathStyle(endpoint.isPresent())
                .build();
    }

    SqsClient sqs() {
        return configured(SqsClient.builder(), endpoint("AWS_ENDPOINT_URL_SQS")).build();
    }

    StsClient sts() {
        return configured(StsClient.builder(), endpoint("AWS_ENDPOINT_URL_STS")).build();
    }

    private <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B configured(
            B builder, Optional<URI> endpoint) {
        builder.httpClient(http);
        builder.credentialsProvider(credentials);
        builder.region(region);
        builder.overrideConfiguration(configuration -> configuration.addExecutionInterceptor(watcher));
        endpoint.ifPresent(builder::endpointOverride);
        return builder;
    }

    private static Region region(ShipperSettings settings) {
        return settings.get("AWS_REGION").map(Region::of).orElseGet(() -> {
            try {
                return new DefaultAwsRegionProviderChain().getRegion();
            } catch (RuntimeException e) {
                throw new SettingsException(
                        "AWS_REGION is not set: it must name the region of the queue, like eu-west-1");
            }
        });
    }

    private Optional<URI> endpoint(String name) {
        return settings.uri(name).or(() -> settings.uri("AWS_ENDPOINT_URL"));
    }

    private static AwsCredentialsProvider credentials(ShipperSettings settings) {
        Optional<String> key = settings.get("AWS_ACCESS_KEY_ID");
        Optional<String> secret = settings.get("AWS_SECRET_ACCESS_KEY");
        if (key.isEmpty() || secret.isEmpty()) {
            return DefaultCredentialsProvider.builder().build();
        }
        Optional<String> token = settings.get("AWS_SESSION_TOKEN");
        return StaticCredentialsProvider.create(
                token.isPresent()
                        ? AwsSessionCredentials.create(key.get(), secret.get(), token.get())
                        : AwsBasicCredentials.create(key.get(), secret.get()));
    }

    @Override
    public void close() {
        http.close();
    }
}
