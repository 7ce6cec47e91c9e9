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
 * One try to make an export. A failure is stored as an {@link ExportFailure} beside the place of the export, so that polling clients see it
 * at once; the message counts as handled, and a later request queues the export again.
 *
 * <p>A worker that is killed (timeout, out of memory) cannot store its failure. The next try therefore stores one in advance that takes
 * effect when this try must have ended. Until then clients get 202.
 */
final class Attempt {
    private final ExportBucket bucket;
    private final InstantSource clock;

    Attempt(ExportBucket bucket, InstantSource clock) {
        this.bucket = bucket;
        this.clock = clock;
    }

    /** Makes an export. */
    interface Making {
        void run() throws IOException;
    }

    /**
     * Runs {@code making}.
     *
     * @param key the export's key in the bucket
     * @param number the number of this try, from 1
     * @param timeLeft until the worker is killed
     * @return the failure, which was stored; empty if the export was made
     * @throws IOException (or any other exception of {@code making}) if the failure could not be stored
     */
    Optional<Exception> make(String key, int number, Duration timeLeft, Making making) throws IOException {
        if (number > 1 && !bucket.has(key)) {
            note(key, Reason.UNFINISHED, clock.instant().plus(timeLeft));
        }
        try {
            making.run();
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            if (noteAfter(e, key, e instanceof TimeLeft.TooLargeException ? Reason.TOO_LARGE : Reason.ERROR)) {
                return Optional.of(e);
            }
            throw e;
        } catch (Error e) {
            noteAfter(e, key, Reason.ERROR);
            throw e; // the execution environment must be replaced
        }
    }

    /** Returns whether the failure was stored; an unavailable bucket may be its cause. */
    private boolean noteAfter(Throwable cause, String key, Reason reason) {
        try {
            note(key, reason, clock.instant());
            return true;
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
            return false;
        }
    }

    private void note(String key, Reason reason, Instant at) {
        byte[] text = new ExportFailure(at, reason).text().getBytes(StandardCharsets.UTF_8);
        bucket.put(ExportFailure.key(key), "text/plain", text);
    }
}
