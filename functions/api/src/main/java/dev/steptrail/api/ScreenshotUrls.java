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
 * Signs URLs of objects in the bucket, which a browser opens without a token. Signing asks nobody.
 *
 * <p>A URL ends with the credentials that signed it, whatever it says itself (<a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html">Download and upload objects with presigned
 * URLs</a>). So where it is known when these end, it says no more than that: {@code AWS_CREDENTIAL_EXPIRATION} tells, as the AWS CLI
 * exports it. Lambda does not tell: its environment has a session's credentials without their end, and that session keeps to no
 * duration that the role sets (<a href="https://repost.aws/knowledge-center/presigned-url-s3-bucket-expiration">Why is my presigned
 * URL expiring before the time that I specified</a>). There a URL is given {@link #LONGEST_OF_A_SESSION}, which is a session's length
 * where nobody asks for another; limit: it may end sooner, when the function was kept to the end of its session.
 */
final class ScreenshotUrls {
    /** What S3 takes for X-Amz-Expires. */
    private static final Duration LONGEST = Duration.ofDays(7);

    private static final Duration LONGEST_OF_A_SESSION = Duration.ofHours(1);

    /** Formats of pictures that hold nothing but a picture; SVG may hold scripts. */
    private static final Set<String> PICTURES = Set.of("webp", "png", "jpeg", "gif", "avif");

    private final BucketUrls urls;
    private final Optional<CdnUrls> cdn;
    private final Duration lifetime;
    private final Instant end;
    private final Clock clock;

    /**
     * @param settings those of {@link BucketUrls} and {@link CdnUrls}; {@code STEPTRAIL_URL_LIFETIME} and {@code AWS_CREDENTIAL_EXPIRATION}
     * @throws IllegalArgumentException naming the setting that is missing or wrong
     */
    ScreenshotUrls(Settings settings, Clock clock) {
        String expiration = settings.optional("AWS_CREDENTIAL_EXPIRATION", "");
        boolean lasting = settings.optional("AWS_SESSION_TOKEN", "").isEmpty()
                && !settings.optional("AWS_ACCESS_KEY_ID", "").isEmpty(); // else they are a role's, which are asked for
        this.urls = new BucketUrls(settings);
        this.cdn = CdnUrls.of(settings);
        this.lifetime = lifetime(
                settings.optional("STEPTRAIL_URL_LIFETIME", "PT5M"),
                lasting || !expiration.isEmpty() ? LONGEST : LONGEST_OF_A_SESSION);
        this.end = lasting || expiration.isEmpty() ? Instant.MAX : time(expiration);
        this.clock = clock;
    }

    /** What signs URLs that are good from now on. */
    Moment now() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Duration whole = now.plus(lifetime).isAfter(end) ? Duration.between(now, end) : lifetime;
        // One that is over already S3 refuses; its form has no smaller number.
        Duration least = whole.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : whole;
        UrlSigner signer = urls.at(now, least);
        Instant expiresAt = now.plus(whole);
        return new Moment(signer, cdn.map(at -> at.until(expiresAt)).orElse(signer), expiresAt);
    }

    /**
     * Signs the URLs of one answer.
     *
     * @param ofPictures the CDN's where there is one
     * @param expiresAt when all of them do
     */
    record Moment(UrlSigner signer, UrlSigner ofPictures, Instant expiresAt) {
        String url(String key) {
            return signer.sign(key);
        }

        String picture(StoredScreenshot screenshot) {
            return picture(screenshot.screenshotPath(), screenshot.format());
        }

        /** Of the small picture; null where there is none. */
        @Nullable
        String thumbnail(StoredScreenshot screenshot) {
            return screenshot.thumbnailPath() == null ? null : picture(screenshot.thumbnailPath(), screenshot.format());
        }

        /** Of a picture, which no browser takes for anything else: its sender stored it, and named its type. */
        String picture(String key, String format) {
            String type = PICTURES.contains(format) ? "image/" + format : "application/octet-stream";
            return ofPictures.sign(key, type);
        }
    }

    private static Duration lifetime(String text, Duration longest) {
        String wrong = "STEPTRAIL_URL_LIFETIME: must be a duration of a second or more in ISO 8601, like PT5M";
        try {
            Duration given = Duration.parse(text).truncatedTo(ChronoUnit.SECONDS);
            if (given.isNegative() || given.isZero()) {
                throw new IllegalArgumentException(wrong);
            }
            return given.compareTo(longest) > 0 ? longest : given;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(wrong, e);
        }
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.SECONDS);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "AWS_CREDENTIAL_EXPIRATION: must be a time like 2026-03-01T10:00:00Z", e);
        }
    }
}
