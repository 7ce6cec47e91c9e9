package dev.steptrail.shipper;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * An LRU cache of 2,048 stored pictures, so that the same picture is not encoded and uploaded twice. If several threads store
 * the same picture at once, one stores it and the others wait. Thread-safe.
 */
final class UploadCache {
    private static final int REMEMBERED = 2_048;

    private final Map<String, FutureTask<Stored>> latest =
            Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, FutureTask<Stored>> eldest) {
                    return size() > REMEMBERED;
                }
            });

    /**
     * The stored form of a picture.
     *
     * @param key the key of the object
     * @param hash the SHA-256 of the object, lower-case hex
     * @param size the size of the object in bytes
     * @param thumbnailKey the key of the thumbnail; null if there is none
     */
    record Stored(
            String key,
            String hash,
            long size,
            @Nullable String perceptualHash,
            @Nullable String thumbnailKey) {}

    /**
     * Returns the stored form of {@code picture}, after storing it if it is not in the cache. A failure is not cached.
     *
     * @param storing stores the picture; may throw {@link IOException} or {@link ShipException}
     */
    Stored get(String picture, Callable<Stored> storing) throws IOException, ShipException, InterruptedException {
        FutureTask<Stored> stored = latest.computeIfAbsent(picture, absent -> new FutureTask<>(storing));
        stored.run(); // only the first call stores it
        boolean succeeded = false;
        try {
            Stored result = BucketUploads.result(stored);
            succeeded = true;
            return result;
        } finally {
            if (!succeeded) {
                latest.remove(picture, stored);
            }
        }
    }
}
