package dev.steptrail.shipper;

import dev.steptrail.shipper.aws.AwsService;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.RegionMetadata;

/** Where the services of AWS are: where the settings say, else where AWS has them in the region. */
final class AwsEndpoints {
    private static final Pattern HOST = Pattern.compile("[a-z0-9][a-z0-9-]*[a-z0-9]");

    private final ShipperSettings settings;
    private final String region;

    AwsEndpoints(ShipperSettings settings, String region) {
        this.settings = settings;
        this.region = region;
    }

    /** The address of SQS or STS. */
    URI of(AwsService service) {
        return given(service).orElseGet(() -> host(service.id() + "."));
    }

    /** The bucket's own address; as a path where S3 is not AWS's, or its name none of a host, or a dot in it fits no certificate. */
    URI bucket() {
        String bucket = settings.bucket();
        Optional<URI> given = given(AwsService.S3);
        if (given.isEmpty() && HOST.matcher(bucket).matches()) {
            return host(bucket + ".s3.");
        }
        URI s3 = given.orElseGet(() -> host("s3."));
        return URI.create(s3.toString().replaceAll("/$", "") + "/" + bucket);
    }

    private Optional<URI> given(AwsService service) {
        return settings.uri(service.endpointVariable()).or(() -> settings.uri("AWS_ENDPOINT_URL"));
    }

    /** In China and other partitions the name of AWS is another; a region that the SDK does not know yet has the usual one. */
    private URI host(String prefix) {
        RegionMetadata known = Region.of(region).metadata();
        String suffix = known == null ? "amazonaws.com" : known.partition().dnsSuffix();
        return URI.create("https://" + prefix + region + "." + suffix);
    }
}
