package dev.steptrail.export;

import dev.steptrail.report.ExportFailure;
import dev.steptrail.report.ExportFailure.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Runs one attempt to create an export. A failure is stored in the bucket as an {@link ExportFailure}, so that polling
 * clients get it immediately. The message then counts as processed, and a later request queues the export again.
 *
 * <p>A worker that is killed (timeout, out of memory) cannot store its failure. Each retry therefore first stores a
 * failure that takes effect at the retry's deadline. Until then clients get 202.
 */
final class ExportAttempt {
    private final ExportBucket bucket;
    private final InstantSource clock;

    ExportAttempt(ExportBucket bucket, InstantSource clock) {
        this.bucket = bucket;
        this.clock = clock;
    }

    /** Creates an export. */
    interface Exporter {
        void export() throws IOException;
    }

    /**
     * Runs an exporter.
     *
     * @param key the export's key in the bucket
     * @param attemptNumber the number of this attempt, from 1
     * @param remaining the time until the worker is killed
     * @return the failure, which was stored; empty if the export succeeded
     * @throws IOException (or any other exception of {@code exporter}) if the failure could not be stored
     */
    Optional<Exception> run(String key, int attemptNumber, Duration remaining, Exporter exporter) throws IOException {
        if (attemptNumber > 1 && !bucket.exists(key)) {
            storeFailure(key, Reason.UNFINISHED, clock.instant().plus(remaining));
        }
        try {
            exporter.export();
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            if (tryStoreFailure(
                    e, key, e instanceof Deadline.ExportTooLargeException ? Reason.TOO_LARGE : Reason.ERROR)) {
                return Optional.of(e);
            }
            throw e;
        } catch (Error e) {
            tryStoreFailure(e, key, Reason.ERROR);
            throw e; // makes Lambda replace the execution environment
        }
    }

    /** Returns false if the failure could not be stored, for example because the bucket is unavailable. */
    private boolean tryStoreFailure(Throwable cause, String key, Reason reason) {
        try {
            storeFailure(key, reason, clock.instant());
            return true;
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
            return false;
        }
    }

    private void storeFailure(String key, Reason reason, Instant effectiveAt) {
        byte[] text = new ExportFailure(effectiveAt, reason).text().getBytes(StandardCharsets.UTF_8);
        bucket.put(ExportFailure.key(key), "text/plain", text);
    }
}
