package dev.steptrail.shipper;

import dev.steptrail.shipper.aws.AwsClient;
import dev.steptrail.shipper.aws.AwsService;
import dev.steptrail.shipper.aws.HttpCalls;
import dev.steptrail.shipper.aws.RequestCredentials;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.profiles.ProfileFileSupplier;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/**
 * Makes the clients of AWS out of the settings; credentials and a region that those leave open
 * are found by the SDK's own default chains. All of them share
 * its connections, for each set of these would read the machine's certificates anew: megabytes. To be closed after them.
 */
final class AwsClients implements AutoCloseable {
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]+");

    private final Consumer<Instant> theirTime;
    private final RequestCredentials credentials;
    private final String region;
    private final AwsEndpoints endpoints;
    private final HttpCalls calls;

    /** @throws SettingsException if no region is set, nor one known to the SDK */
    AwsClients(ShipperSettings settings) {
        this(settings, time -> {});
    }

    /** Clients that tell {@code theirTime} what time it is in each answer. */
    AwsClients(ShipperSettings settings, Consumer<Instant> theirTime) {
        this.theirTime = theirTime;
        credentials = new RequestCredentials(() -> provider(settings));
        region = region(settings);
        endpoints = new AwsEndpoints(settings, region);
        calls = new HttpCalls(ApacheHttpClient.create());
    }

    /** The bucket; the keys of its objects are paths. */
    AwsClient bucket() {
        return client(AwsService.S3, endpoints.bucket());
    }

    AwsClient sqs() {
        return client(AwsService.SQS, endpoints.of(AwsService.SQS));
    }

    AwsClient sts() {
        return client(AwsService.STS, endpoints.of(AwsService.STS));
    }

    private AwsClient client(AwsService service, URI endpoint) {
        return new AwsClient(service, endpoint, region, credentials, calls, theirTime);
    }

    private static String region(ShipperSettings settings) {
        String region = settings.get("AWS_REGION").orElseGet(() -> {
            try {
                return new DefaultAwsRegionProviderChain().getRegion().id();
            } catch (RuntimeException e) {
                throw new SettingsException(
                        "AWS_REGION is not set: it must name the region of the queue, like eu-west-1");
            }
        });
        if (!REGION.matcher(region).matches()) {
            throw new SettingsException("AWS_REGION is no region: it must look like eu-west-1");
        }
        return region;
    }

    private static AwsCredentialsProvider provider(ShipperSettings settings) {
        Optional<String> key = settings.get("AWS_ACCESS_KEY_ID");
        Optional<String> secret = settings.get("AWS_SECRET_ACCESS_KEY");
        if (key.isEmpty() || secret.isEmpty()) {
            return DefaultCredentialsProvider.builder()
                    .profileFile(ProfileFileSupplier.defaultSupplier()) // else a profile is read once
                    .build();
        }
        Optional<String> token = settings.get("AWS_SESSION_TOKEN");
        return StaticCredentialsProvider.create(
                token.isPresent()
                        ? AwsSessionCredentials.create(key.get(), secret.get(), token.get())
                        : AwsBasicCredentials.create(key.get(), secret.get()));
    }

    @Override
    public void close() {
        calls.close();
        credentials.close();
    }
}
