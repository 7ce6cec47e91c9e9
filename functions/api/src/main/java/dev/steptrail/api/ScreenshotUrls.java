package dev.steptrail.api;

import dev.steptrail.aws.BucketUrls;
import dev.steptrail.aws.CdnUrls;
import dev.steptrail.aws.Settings;
import dev.steptrail.aws.UrlSigner;
import dev.steptrail.store.model.StoredScreenshot;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Signs URLs of objects in the bucket, which a browser can open without a token. Sends no requests.
 *
 * <p>A presigned URL expires at the latest with the credentials that signed it (<a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html">Download and upload objects
 * with presigned URLs</a>). If {@code AWS_CREDENTIAL_EXPIRATION} is set (the AWS CLI exports it), this class limits the
 * lifetime of URLs to the remaining lifetime of the credentials.
 *
 * <p>Lambda does not provide the expiration of a session's credentials, and the role's settings do not determine the
 * session's length (<a href="https://repost.aws/knowledge-center/presigned-url-s3-bucket-expiration">Why is my
 * presigned URL expiring before the time that I specified</a>). On Lambda the lifetime is therefore at most
 * {@link #MAX_WITH_SESSION}, the default length of a session. Limitation: a URL also expires if its session ends.
 */
final class ScreenshotUrls {
    /** S3's maximum of X-Amz-Expires. */
    private static final Duration MAX_LIFETIME = Duration.ofDays(7);

    private static final Duration MAX_WITH_SESSION = Duration.ofHours(1);

    /** Image formats without active content. SVG may contain scripts. */
    private static final Set<String> IMAGE_FORMATS = Set.of("webp", "png", "jpeg", "gif", "avif");

    private final BucketUrls urls;
    private final Optional<CdnUrls> cdn;
    private final Duration lifetime;
    private final Instant credentialExpiration;
    private final Clock clock;

    /**
     * @param settings those of {@link BucketUrls} and {@link CdnUrls}; {@code STEPTRAIL_URL_LIFETIME} and
     *     {@code AWS_CREDENTIAL_EXPIRATION}
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    ScreenshotUrls(Settings settings, Clock clock) {
        String expiration = settings.optional("AWS_CREDENTIAL_EXPIRATION", "");
        boolean isLongTermKey = settings.optional("AWS_SESSION_TOKEN", "").isEmpty()
                && !settings.optional("AWS_ACCESS_KEY_ID", "").isEmpty(); // otherwise a role's temporary credentials
        this.urls = new BucketUrls(settings);
        this.cdn = CdnUrls.fromSettings(settings);
        this.lifetime = lifetime(
                settings.optional("STEPTRAIL_URL_LIFETIME", "PT5M"),
                isLongTermKey || !expiration.isEmpty() ? MAX_LIFETIME : MAX_WITH_SESSION);
        this.credentialExpiration = isLongTermKey || expiration.isEmpty() ? Instant.MAX : parseTime(expiration);
        this.clock = clock;
    }

    /** Returns a signer of URLs that are valid from now on. */
    ResponseSigner signer() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant lifetimeEnd = now.plus(lifetime);
        Instant expiresAt = lifetimeEnd.isAfter(credentialExpiration) ? credentialExpiration : lifetimeEnd;
        // X-Amz-Expires must be at least 1, also if the credentials have expired and S3 rejects the URL anyway.
        long seconds = Math.max(1, Duration.between(now, expiresAt).toSeconds());
        UrlSigner signer = urls.signer(now, Duration.ofSeconds(seconds));
        return new ResponseSigner(
                signer, cdn.map(distribution -> distribution.signer(expiresAt)).orElse(signer), expiresAt);
    }

    /**
     * Signs the URLs of one response.
     *
     * @param screenshotSigner the CDN's signer; {@code signer} if there is no CDN
     * @param expiresAt the time at which the URLs expire
     */
    record ResponseSigner(UrlSigner signer, UrlSigner screenshotSigner, Instant expiresAt) {
        String url(String key) {
            return signer.sign(key);
        }

        String screenshotUrl(StoredScreenshot screenshot) {
            return screenshotUrl(screenshot.screenshotPath(), screenshot.format());
        }

        /** Returns the URL of the thumbnail; null if there is none. */
        @Nullable
        String thumbnailUrl(StoredScreenshot screenshot) {
            return screenshot.thumbnailPath() == null
                    ? null
                    : screenshotUrl(screenshot.thumbnailPath(), screenshot.format());
        }

        /** Returns a URL with a safe content type, because the sender chose the stored content type. */
        String screenshotUrl(String key, String format) {
            return screenshotSigner.sign(key, contentType(format));
        }
    }

    /** Returns the content type of a format; that of unknown data if a browser might run scripts in the image. */
    static String contentType(String format) {
        return IMAGE_FORMATS.contains(format) ? "image/" + format : "application/octet-stream";
    }

    private static Duration lifetime(String text, Duration max) {
        String invalid = "STEPTRAIL_URL_LIFETIME: must be an ISO 8601 duration of at least one second, like PT5M";
        try {
            Duration parsed = Duration.parse(text).truncatedTo(ChronoUnit.SECONDS);
            if (parsed.isNegative() || parsed.isZero()) {
                throw new IllegalArgumentException(invalid);
            }
            return parsed.compareTo(max) > 0 ? max : parsed;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(invalid, e);
        }
    }

    private static Instant parseTime(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.SECONDS);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "AWS_CREDENTIAL_EXPIRATION: must be a time like 2026-03-01T10:00:00Z", e);
        }
    }
}
