package dev.steptrail.export;

import dev.steptrail.report.Pictures;
import dev.steptrail.store.model.StoredScreenshot;
import java.io.IOException;
import java.util.Optional;

/**
 * Screenshots within a page, as data URIs: key screenshots whole, of the others the thumbnails, up to a size limit. Not thread-safe.
 */
final class EmbeddedPictures implements Pictures {
    /** Of one picture, as it is stored. */
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private final ExportBucket bucket;
    private final DataUri dataUri;
    private final TimeLeft time;
    private long budget;

    /** Makes the data URI of an image as it was stored; empty if it is none that can be shown. */
    interface DataUri {
        Optional<String> of(byte[] stored) throws IOException;
    }

    /** @param budget characters for all screenshots together, except key screenshots */
    EmbeddedPictures(ExportBucket bucket, DataUri dataUri, long budget, TimeLeft time) {
        this.bucket = bucket;
        this.dataUri = dataUri;
        this.budget = budget;
        this.time = time;
    }

    @Override
    public Optional<String> source(StoredScreenshot screenshot, boolean key) throws IOException {
        if (!time.isEnough() || (budget <= 0 && !key)) {
            return Optional.empty();
        }
        String small = screenshot.thumbnailPath();
        Optional<byte[]> stored = bucket.read(key || small == null ? screenshot.screenshotPath() : small, MAX_BYTES);
        Optional<String> source = stored.isEmpty() ? Optional.empty() : dataUri.of(stored.get());
        budget -= key || source.isEmpty() ? 0 : source.get().length();
        return source;
    }

    @Override
    public String policy() {
        return "data:";
    }
}
