package dev.steptrail.export;

import dev.steptrail.report.Pictures;
import dev.steptrail.store.model.StoredScreenshot;
import java.io.IOException;
import java.util.Optional;

/**
 * Pictures within a page, as data URIs: those that tell most whole, of the others their thumbnails, as long as there is room. Not
 * thread-safe.
 */
final class EmbeddedPictures implements Pictures {
    /** Of one picture, as it is stored. */
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private final ExportBucket bucket;
    private final PictureForm form;
    private final TimeLeft time;
    private long room;

    /** @param room characters for all pictures together, but for those that tell most */
    EmbeddedPictures(ExportBucket bucket, PictureForm form, long room, TimeLeft time) {
        this.bucket = bucket;
        this.form = form;
        this.room = room;
        this.time = time;
    }

    @Override
    public Optional<String> source(StoredScreenshot screenshot, boolean key) throws IOException {
        if (!time.isEnough() || (room <= 0 && !key)) {
            return Optional.empty();
        }
        String small = screenshot.thumbnailPath();
        Optional<byte[]> stored = bucket.read(key || small == null ? screenshot.screenshotPath() : small, MAX_BYTES);
        Optional<String> source = stored.isEmpty() ? Optional.empty() : form.of(stored.get());
        room -= key || source.isEmpty() ? 0 : source.get().length();
        return source;
    }

    @Override
    public String policy() {
        return "data:";
    }
}
