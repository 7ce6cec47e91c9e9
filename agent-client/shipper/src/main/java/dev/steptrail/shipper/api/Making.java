package dev.steptrail.shipper.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The wait for something that the API makes. */
final class Making {
    private static final int USUAL_SECONDS = 2;
    private static final int MOST_SECONDS = 30;

    private final long end;
    private final Runnable begun;
    private boolean waited;

    /** @param begun told once, if there is a wait */
    Making(Duration longest, Runnable begun) {
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
     * Waits until it is time to ask again.
     *
     * @param retryAfter in seconds, as the API says; whatever is none counts as two
     * @throws IOException if it takes too long
     */
    void await(String retryAfter) throws IOException {
        if (!waited) {
            waited = true;
            begun.run();
        }
        Duration pause = Duration.ofSeconds(
                retryAfter.matches("[0-9]{1,6}")
                        ? Math.max(1, Math.min(MOST_SECONDS, Integer.parseInt(retryAfter)))
                        : USUAL_SECONDS);
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
