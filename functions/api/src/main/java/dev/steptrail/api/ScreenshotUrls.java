package dev.steptrail.api;

import dev.steptrail.bucket.BucketUrls;
import dev.steptrail.store.Settings;
import dev.steptrail.store.StoredScreenshot;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Signs URLs of objects in the bucket, which a browser opens without a token. Signing asks nobody. */
final class ScreenshotUrls {
    /** What S3 takes for X-Amz-Expires. A URL signed with a session's credentials ends with them, if that is sooner. */
    private static final Duration LONGEST = Duration.ofDays(7);

    private final BucketUrls urls;
    private final Duration lifetime;
    private final Clock clock;

    ScreenshotUrls(Settings settings, Clock clock) {
        this.urls = new BucketUrls(settings);
        this.lifetime = lifetime(settings.optional("STEPTRAIL_URL_LIFETIME", "PT5M"));
        this.clock = clock;
    }

    SignedUrl of(String key) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return new SignedUrl(urls.sign(key, now, lifetime), now.plus(lifetime));
    }

    /** Of the small picture; null where there is none. */
    @Nullable
    String ofThumbnail(StoredScreenshot screenshot) {
        return screenshot.thumbnailPath() == null
                ? null
                : of(screenshot.thumbnailPath()).url();
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
