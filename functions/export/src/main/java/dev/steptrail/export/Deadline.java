package dev.steptrail.export;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/** Determines when an export must stop adding content, so that it can be finished within the function's timeout. */
record Deadline(Supplier<Duration> remaining) {
    /** Time reserved for finishing an export. */
    private static final Duration RESERVE = Duration.ofMinutes(3);

    boolean hasTimeLeft() {
        return remaining.get().compareTo(RESERVE) > 0;
    }

    /**
     * Aborts an export that must not be truncated.
     *
     * @throws ExportTooLargeException if no time is left
     */
    void check() throws ExportTooLargeException {
        if (!hasTimeLeft()) {
            throw new ExportTooLargeException();
        }
    }

    /** Thrown if an export cannot be finished within the function's timeout. A retry would fail too. */
    static final class ExportTooLargeException extends IOException {
        ExportTooLargeException() {
            super("the export does not fit within the function's time limit");
        }
    }
}
