package dev.steptrail.bucket;

import dev.steptrail.store.Settings;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** URLs of the bucket's objects, signed, so that who has one may read that object until it expires. Signing asks nobody. Thread-safe. */
public final class BucketUrls {
    private final UrlSigner signer;
    private final String base;

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
        this.signer = new UrlSigner(new Signature(id, secret, session.isEmpty() ? null : session, region, "s3"));
        this.base = base(settings.optional("AWS_ENDPOINT_URL_S3", ""), bucket, region);
    }

    /**
     * The URL of an object, whether or not it is there.
     *
     * @param now from when the URL is good
     * @param lifetime whole seconds, at most 7 days; a URL signed with a session's credentials ends with them, if that is sooner
     */
    public String sign(String key, Instant now, Duration lifetime) {
        return sign(key, Map.of(), now, lifetime);
    }

    /**
     * The URL of an object that is served as of this content type, whatever who stored it said of it.
     *
     * @param now as above, and lifetime
     */
    public String signAs(String contentType, String key, Instant now, Duration lifetime) {
        return sign(key, Map.of("response-content-type", contentType), now, lifetime);
    }

    private String sign(String key, Map<String, String> parameters, Instant now, Duration lifetime) {
        String path = Arrays.stream(key.split("/", -1)).map(UrlSigner::encode).collect(Collectors.joining("/"));
        return signer.sign(URI.create(base + path), parameters, now, lifetime);
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
