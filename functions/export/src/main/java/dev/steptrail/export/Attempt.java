package dev.steptrail.export;

import dev.steptrail.report.ExportFailure;
import dev.steptrail.report.ExportFailure.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/**
 * A try to make an export. One that fails leaves an {@link ExportFailure} where the export would lie, so that whoever waits for it is
 * told at once. One that is ended from outside cannot: the next does it before it begins.
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
     * @return false if it failed, and another try is of no use
     * @throws IOException and whatever else it fails by, where another may go well
     */
    boolean make(String key, int number, Making making) throws IOException {
        if (number > 1 && !bucket.has(key) && !isNoted(key)) {
            note(key, Reason.UNFINISHED);
        }
        try {
            making.run();
            return true;
        } catch (TooLargeException e) {
            note(key, Reason.TOO_LARGE);
            return false;
        } catch (IOException | RuntimeException | Error e) {
            noteAfter(e, key);
            throw e;
        }
    }

    private boolean isNoted(String key) throws IOException {
        return bucket.read(ExportFailure.key(key), ExportFailure.MAX_BYTES)
                .flatMap(text -> ExportFailure.parse(new String(text, StandardCharsets.UTF_8)))
                .filter(failure -> failure.holds(clock.instant()))
                .isPresent();
    }

    private void noteAfter(Throwable cause, String key) {
        try {
            note(key, Reason.ERROR);
        } catch (RuntimeException e) {
            cause.addSuppressed(e); // the bucket itself may be why it failed
        }
    }

    private void note(String key, Reason reason) {
        byte[] text = new ExportFailure(clock.instant(), reason).text().getBytes(StandardCharsets.UTF_8);
        bucket.put(ExportFailure.key(key), "text/plain", text);
    }
}
