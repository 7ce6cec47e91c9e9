package dev.steptrail.api;

import dev.steptrail.store.Settings;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Signs URLs of objects in the bucket, which a browser opens without a token. Signing asks nobody. */
final class ScreenshotUrls {
    /** What S3 takes for X-Amz-Expires. A URL signed with a session's credentials ends with them, if that is sooner. */
    private static final Duration LONGEST = Duration.ofDays(7);

    private final UrlSigner signer;
    private final String base;
    private final Duration lifetime;
    private final Clock clock;

    ScreenshotUrls(Settings settings, Clock clock) {
        String bucket = settings.required("STEPTRAIL_BUCKET");
        String region = settings.required("AWS_REGION");
        String id = settings.required("AWS_ACCESS_KEY_ID");
        String secret = settings.required("AWS_SECRET_ACCESS_KEY");
        String session = settings.optional("AWS_SESSION_TOKEN", "");
        this.signer = new UrlSigner(id, secret, session.isEmpty() ? null : session, region);
        this.base = base(settings.optional("AWS_ENDPOINT_URL_S3", ""), bucket, region);
        this.lifetime = lifetime(settings.optional("STEPTRAIL_URL_LIFETIME", "PT5M"));
        this.clock = clock;
    }

    SignedUrl of(String key) {
        String path = Arrays.stream(key.split("/", -1)).map(UrlSigner::encode).collect(Collectors.joining("/"));
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return new SignedUrl(signer.sign(URI.create(base + path), now, lifetime), now.plus(lifetime));
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

    private static Duration lifetime(String text) {
        String wrong = "STEPTRAIL_URL_LIFETIME: must be a duration of a second or more in ISO 8601, like PT5M";
        try {
            Duration given = Duration.parse(text).truncatedTo(ChronoUnit.SECONDS);
            if (given.isNegative() || given.isZero()) {
                throw new IllegalArgumentException(wrong);
            }
            return given.compareTo(LONGEST) > 0 ? LONGEST : given;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(wrong, e);
        }
    }
}
