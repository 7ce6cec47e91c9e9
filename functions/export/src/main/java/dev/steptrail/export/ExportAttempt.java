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
 * One attempt to make an export. A failure is stored as an {@link ExportFailure} under a key next to the export's, so
 * that polling clients see it at once. The message then counts as processed, and a later request queues the export
 * again.
 *
 * <p>A worker that is killed (timeout, out of memory) cannot store its failure. The next attempt therefore stores a
 * failure in advance, dated to when that attempt must have ended. Until then clients get 202.
 */
final class ExportAttempt {
    private final ExportBucket bucket;
    private final InstantSource clock;

    ExportAttempt(ExportBucket bucket, InstantSource clock) {
        this.bucket = bucket;
        this.clock = clock;
    }

    /** Makes an export. */
    interface Maker {
        void run() throws IOException;
    }

    /**
     * Runs {@code maker}.
     *
     * @param key the export's key in the bucket
     * @param number the number of this attempt, from 1
     * @param timeLeft the time until the worker is killed
     * @return the failure, which was stored; empty if the export was made
     * @throws IOException (or any other exception of {@code maker}) if the failure could not be stored
     */
    Optional<Exception> make(String key, int number, Duration timeLeft, Maker maker) throws IOException {
        if (number > 1 && !bucket.has(key)) {
            storeFailure(key, Reason.UNFINISHED, clock.instant().plus(timeLeft));
        }
        try {
            maker.run();
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            if (storeFailureOf(e, key, e instanceof Deadline.TooLargeException ? Reason.TOO_LARGE : Reason.ERROR)) {
                return Optional.of(e);
            }
            throw e;
        } catch (Error e) {
            storeFailureOf(e, key, Reason.ERROR);
            throw e; // the execution environment must be replaced
        }
    }

    /** Returns whether the failure was stored; an unavailable bucket may be its cause. */
    private boolean storeFailureOf(Throwable cause, String key, Reason reason) {
        try {
            storeFailure(key, reason, clock.instant());
            return true;
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
            return false;
        }
    }

    private void storeFailure(String key, Reason reason, Instant at) {
        byte[] text = new ExportFailure(at, reason).text().getBytes(StandardCharsets.UTF_8);
        bucket.put(ExportFailure.key(key), "text/plain", text);
    }
}
