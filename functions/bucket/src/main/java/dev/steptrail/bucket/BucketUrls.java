package dev.steptrail.bucket;

import dev.steptrail.aws.RoleCredentials;
import dev.steptrail.aws.Settings;
import dev.steptrail.aws.Signature;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;

/** URLs of the bucket's objects, signed, so that who has one may read that object until it expires. Signing asks nobody. Thread-safe. */
public final class BucketUrls {
    private final RoleCredentials credentials;
    private final String region;
    private final URI base;

    /**
     * @param settings {@code STEPTRAIL_BUCKET}, and those that Lambda gives: {@code AWS_REGION} and what {@link RoleCredentials} takes; {@code AWS_ENDPOINT_URL_S3} for another S3 than Amazon's
     * @throws IllegalArgumentException naming the setting that is missing or wrong
     */
    public BucketUrls(Settings settings) {
        String bucket = settings.required("STEPTRAIL_BUCKET");
        this.region = settings.required("AWS_REGION");
        this.credentials = new RoleCredentials(settings);
        this.base = URI.create(base(settings.optional("AWS_ENDPOINT_URL_S3", ""), bucket, region));
    }

    /**
     * What signs URLs that are good from now on.
     *
     * @param lifetime whole seconds, at most 7 days; a URL signed with a session's credentials ends with them, if that is sooner
     */
    public UrlSigner at(Instant now, Duration lifetime) {
        return new S3UrlSigner(new Signature(credentials.now(), region, "s3"), base, now, lifetime);
    }

    /** Where all its URLs are, as a browser's policy names it: scheme, host and port. */
    public String origin() {
        return base.getScheme() + "://" + base.getRawAuthority();
    }

    /** A bucket with a dot in its name does not fit the certificate of its own host; another endpoint may have no such hosts. */
    private static String base(String endpoint, String bucket, String region) {
        if (!endpoint.isEmpty()) {
            requireUrl(endpoint);
            return (endpoint.endsWith("/") ? endpoint : endpoint + "/") + bucket + "/";
        }
        String host = "s3." + region + (region.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com");
        return bucket.contains(".") ? "https://" + host + "/" + bucket + "/" : "https://" + bucket + "." + host + "/";
    }

    private static void requireUrl(String endpoint) {
        String wrong = "AWS_ENDPOINT_URL_S3: must be a URL, like https://s3.example.com";
        try {
            URI url = URI.create(endpoint);
            if (url.getHost() == null
                    || url.getRawQuery() != null
                    || !url.getScheme().matches("https?")) {
                throw new IllegalArgumentException(wrong);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(wrong, e);
        }
    }
}
