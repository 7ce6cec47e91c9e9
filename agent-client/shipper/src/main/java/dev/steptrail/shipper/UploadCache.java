package dev.steptrail.shipper;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * An LRU cache of 2,048 uploaded screenshots, so that an identical screenshot is not encoded and uploaded again. If
 * several threads upload the same screenshot at once, one uploads it and the others wait. Thread-safe.
 */
final class UploadCache {
    private static final int MAX_ENTRIES = 2_048;

    private final Map<String, FutureTask<UploadedScreenshot>> uploads =
            Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, FutureTask<UploadedScreenshot>> eldest) {
                    return size() > MAX_ENTRIES;
                }
            });

    /**
     * An uploaded screenshot.
     *
     * @param key the key of the object
     * @param hash the SHA-256 of the object, lower-case hex
     * @param size the size of the object in bytes
     * @param thumbnailKey the key of the thumbnail; null if there is none
     */
    record UploadedScreenshot(
            String key,
            String hash,
            long size,
            @Nullable String perceptualHash,
            @Nullable String thumbnailKey) {}

    /**
     * Returns the uploaded screenshot of a frame. Uploads it if it is not in the cache. A failure is not cached.
     *
     * @param frameKey the id of the task and a hash of the frame
     * @param uploader uploads the frame; may throw {@link IOException} or {@link ShipException}
     */
    UploadedScreenshot get(String frameKey, Callable<UploadedScreenshot> uploader)
            throws IOException, ShipException, InterruptedException {
        FutureTask<UploadedScreenshot> upload = uploads.computeIfAbsent(frameKey, absent -> new FutureTask<>(uploader));
        upload.run(); // only the first call uploads it
        try {
            return BucketUploads.await(upload);
        } catch (IOException | ShipException | InterruptedException | RuntimeException e) {
            uploads.remove(frameKey, upload);
            throw e;
        }
    }
}
