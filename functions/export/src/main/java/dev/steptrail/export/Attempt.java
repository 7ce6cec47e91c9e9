package dev.steptrail.export;

import dev.steptrail.report.ExportFailure;
import dev.steptrail.report.ExportFailure.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A try to make an export. One that fails leaves an {@link ExportFailure} where the export would lie, so that whoever waits for it is
 * told at once, and is over: who asks again later has it tried again, and nobody in the same line waits for it. One that is ended
 * from outside cannot: the next does it before it begins.
 */
final class Attempt {
    private final ExportBucket bucket;
    private final InstantSource clock;

    Attempt(ExportBucket bucket, InstantSource clock) {
        this.bucket = bucket;
        this.clock = clock;
    }

    /** What makes an export. */
    interface Making {
        void run() throws IOException;
    }

    /**
     * Tries.
     *
     * @param key where the export is to lie
     * @param number 1 for the first try
     * @return what it failed by, which is noted: who asks again later has it tried again
     * @throws IOException and whatever else it fails by, if that cannot be noted
     */
    Optional<Exception> make(String key, int number, Making making) throws IOException {
        if (number > 1 && !bucket.has(key) && !isNoted(key)) {
            note(key, Reason.UNFINISHED);
        }
        try {
            making.run();
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            if (noteAfter(e, key, e instanceof TooLargeException ? Reason.TOO_LARGE : Reason.ERROR)) {
                return Optional.of(e);
            }
            throw e;
        } catch (Error e) {
            noteAfter(e, key, Reason.ERROR);
            throw e; // this environment is no good any more
        }
    }

    private boolean isNoted(String key) throws IOException {
        return bucket.read(ExportFailure.key(key), ExportFailure.MAX_BYTES)
                .flatMap(text -> ExportFailure.parse(new String(text, StandardCharsets.UTF_8)))
                .filter(failure -> failure.holds(clock.instant()))
                .isPresent();
    }

    /** @return whether it is noted; the bucket itself may be why it failed */
    private boolean noteAfter(Throwable cause, String key, Reason reason) {
        try {
            note(key, reason);
            return true;
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
            return false;
        }
    }

    private void note(String key, Reason reason) {
        byte[] text = new ExportFailure(clock.instant(), reason).text().getBytes(StandardCharsets.UTF_8);
        bucket.put(ExportFailure.key(key), "text/plain", text);
    }
}
