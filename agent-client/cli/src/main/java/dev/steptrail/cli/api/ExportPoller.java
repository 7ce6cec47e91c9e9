package dev.steptrail.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The wait for something that the API makes. */
final class ExportPoller {
    /** Who has waited often asks no more often than so. */
    private static final int PATIENT_SECONDS = 5;

    private static final int USUAL_SECONDS = 2;
    private static final int MOST_SECONDS = 30;

    private final long end;
    private final Runnable begun;
    private int waits;

    /** @param begun told once, if there is a wait */
    ExportPoller(Duration longest, Runnable begun) {
        this.end = System.nanoTime() + longest.toNanos();
        this.begun = begun;
    }

    /**
     * What to ask for next: where the API tells of a state, that which was asked for first, whatever has come since.
     *
     * @param answer that it is being made; null where it was no JSON
     */
    static String again(String path, @Nullable JsonNode answer) {
        String state = answer == null ? "" : answer.path("state").asText();
        return state.isEmpty() ? path : path + (path.contains("?") ? "&" : "?") + "state=" + Api.encoded(state);
    }

    /**
     * Waits until it is time to ask again: longer from time to time, since what is not made soon takes a while.
     *
     * @param retryAfter the least, in seconds, as the API says; whatever is none counts as two
     * @throws IOException if it takes too long
     */
    void await(String retryAfter) throws IOException {
        if (waits == 0) {
            begun.run();
        }
        waits++;
        int asked = retryAfter.matches("[0-9]{1,6}") ? Integer.parseInt(retryAfter) : USUAL_SECONDS;
        Duration pause = Duration.ofSeconds(Math.max(Math.min(waits, PATIENT_SECONDS), Math.min(MOST_SECONDS, asked)));
        if (System.nanoTime() + pause.toNanos() > end) {
            throw new IOException("the API is still making it: ask again later");
        }
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while the API was making it");
        }
    }
}
