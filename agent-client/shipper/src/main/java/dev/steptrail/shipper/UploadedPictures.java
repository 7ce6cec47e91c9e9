package dev.steptrail.shipper;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Remembers what was stored for the latest 2,048 pictures, so that none of them is encoded and uploaded twice; of threads with
 * the same picture at once, one stores it and the others wait. Thread-safe.
 */
final class UploadedPictures {
    private static final int REMEMBERED = 2_048;

    private final Map<String, CompletableFuture<StoredPicture>> latest = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CompletableFuture<StoredPicture>> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Stores a picture. */
    @FunctionalInterface
    interface Storing {
        StoredPicture store() throws IOException, ShipException;
    }

    /** What is stored under {@code picture}, by {@code storing} if nothing is. What fails is tried again the next time. */
    StoredPicture get(String picture, Storing storing) throws IOException, ShipException {
        CompletableFuture<StoredPicture> mine = new CompletableFuture<>();
        CompletableFuture<StoredPicture> known;
        synchronized (latest) {
            known = latest.putIfAbsent(picture, mine);
        }
        return known == null ? storeNow(picture, storing, mine) : await(known);
    }

    private StoredPicture storeNow(String picture, Storing storing, CompletableFuture<StoredPicture> promised)
            throws IOException, ShipException {
        try {
            StoredPicture stored = storing.store();
            promised.complete(stored);
            return stored;
        } catch (Throwable e) { // whatever it is, those who wait must not wait for ever
            synchronized (latest) {
                latest.remove(picture, promised);
            }
            promised.completeExceptionally(e);
            throw e;
        }
    }

    private static StoredPicture await(CompletableFuture<StoredPicture> known) throws IOException, ShipException {
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
