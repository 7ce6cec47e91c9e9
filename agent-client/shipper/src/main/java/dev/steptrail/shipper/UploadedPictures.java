package dev.steptrail.shipper;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A cache of the latest 2,048 stored pictures, so that the same one is not encoded and uploaded twice. If several threads have the
 * same picture, one stores it and the others wait. Thread-safe.
 */
final class UploadedPictures {
    private static final int REMEMBERED = 2_048;

    private final Map<String, CompletableFuture<Stored>> latest = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CompletableFuture<Stored>> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * The stored form of a picture.
     *
     * @param key its object's key
     * @param hash the SHA-256 of the object, lower-case hex
     * @param size bytes of the object
     * @param thumbnailKey the key of a small version; null if there is none
     */
    record Stored(
            String key,
            String hash,
            long size,
            @Nullable String perceptualHash,
            @Nullable String thumbnailKey) {}

    /** Stores a picture. */
    @FunctionalInterface
    interface Storing {
        Stored store() throws IOException, ShipException;
    }

    /** Returns the stored form of {@code picture}, after storing it if it is not in the cache. A failure is not cached. */
    Stored get(String picture, Storing storing) throws IOException, ShipException {
        CompletableFuture<Stored> mine = new CompletableFuture<>();
        CompletableFuture<Stored> known;
        synchronized (latest) {
            known = latest.putIfAbsent(picture, mine);
        }
        return known == null ? storeNow(picture, storing, mine) : await(known);
    }

    private Stored storeNow(String picture, Storing storing, CompletableFuture<Stored> promised)
            throws IOException, ShipException {
        try {
            Stored stored = storing.store();
            promised.complete(stored);
            return stored;
        } catch (Throwable e) { // the waiting threads must be released whatever happens
            synchronized (latest) {
                latest.remove(picture, promised);
            }
            promised.completeExceptionally(e);
            throw e;
        }
    }

    private static Stored await(CompletableFuture<Stored> known) throws IOException, ShipException {
        try {
            return known.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ShipException unusable) {
                throw unusable;
            }
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            throw e;
        }
    }
}
