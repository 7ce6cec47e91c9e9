package dev.steptrail.export;

import dev.steptrail.report.ScreenshotSource;
import dev.steptrail.store.model.StoredScreenshot;
import java.io.IOException;
import java.util.Optional;

/**
 * Embeds screenshots as data URIs: key screenshots in full, others as thumbnails, up to a size limit. Not thread-safe.
 */
final class EmbeddedScreenshots implements ScreenshotSource {
    /** The maximum size of a stored image. Larger images are omitted. */
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private final ExportBucket bucket;
    private final ImageEncoder encoder;
    private final Deadline deadline;
    private long budget;

    /** Encodes a stored image as a data URI; empty if it is not a supported image. */
    interface ImageEncoder {
        Optional<String> encode(byte[] stored) throws IOException;
    }

    /** @param budget the maximum total length of the data URIs, in characters; key screenshots do not count */
    EmbeddedScreenshots(ExportBucket bucket, ImageEncoder encoder, long budget, Deadline deadline) {
        this.bucket = bucket;
        this.encoder = encoder;
        this.budget = budget;
        this.deadline = deadline;
    }

    @Override
    public Optional<String> source(StoredScreenshot screenshot, boolean key) throws IOException {
        if (!deadline.hasTimeLeft() || (budget <= 0 && !key)) {
            return Optional.empty();
        }
        String thumbnail = screenshot.thumbnailPath();
        Optional<byte[]> stored =
                bucket.read(key || thumbnail == null ? screenshot.screenshotPath() : thumbnail, MAX_BYTES);
        Optional<String> source = stored.isEmpty() ? Optional.empty() : encoder.encode(stored.get());
        budget -= key || source.isEmpty() ? 0 : source.get().length();
        return source;
    }

    @Override
    public String allowedSources() {
        return "data:";
    }
}
