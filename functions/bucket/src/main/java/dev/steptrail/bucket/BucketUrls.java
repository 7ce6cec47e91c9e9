package dev.steptrail.bucket;

import dev.steptrail.store.Settings;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;

/** URLs of the bucket's objects, signed, so that who has one may read that object until it expires. Signing asks nobody. Thread-safe. */
public final class BucketUrls {
    private final Signature signature;
    private final URI base;

    /**
     * @param settings {@code STEPTRAIL_BUCKET}, and those that Lambda gives: {@code AWS_REGION}, {@code AWS_ACCESS_KEY_ID}, {@code
     *     AWS_SECRET_ACCESS_KEY} and {@code AWS_SESSION_TOKEN}; {@code AWS_ENDPOINT_URL_S3} for another S3 than Amazon's
     * @throws IllegalArgumentException naming the setting that is missing or wrong
     */
    public BucketUrls(Settings settings) {
        String bucket = settings.required("STEPTRAIL_BUCKET");
        String region = settings.required("AWS_REGION");
        String id = settings.required("AWS_ACCESS_KEY_ID");
        String secret = settings.required("AWS_SECRET_ACCESS_KEY");
        String session = settings.optional("AWS_SESSION_TOKEN", "");
        this.signature = new Signature(id, secret, session.isEmpty() ? null : session, region, "s3");
        this.base = URI.create(base(settings.optional("AWS_ENDPOINT_URL_S3", ""), bucket, region));
    }

    /**
     * What signs URLs that are good from now on.
     *
     * @param lifetime whole seconds, at most 7 days; a URL signed with a session's credentials ends with them, if that is sooner
     */
    public UrlSigner at(Instant now, Duration lifetime) {
        return new UrlSigner(signature, base, now, lifetime);
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
