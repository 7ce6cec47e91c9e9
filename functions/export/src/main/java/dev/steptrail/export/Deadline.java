package dev.steptrail.export;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/** Checks whether enough time is left to continue an export, instead of finishing or aborting it. */
record Deadline(Supplier<Duration> remaining) {
    /** Time reserved for finishing an export. */
    private static final Duration RESERVE = Duration.ofMinutes(3);

    boolean hasTimeLeft() {
        return remaining.get().compareTo(RESERVE) > 0;
    }

    /**
     * Checks an export that is useless unless it is complete.
     *
     * @throws TooLargeException if too little time is left
     */
    void check() throws TooLargeException {
        if (!hasTimeLeft()) {
            throw new TooLargeException();
        }
    }

    /** Thrown if an export cannot be finished within a function's time limit. A retry does not help. */
    static final class TooLargeException extends IOException {
        TooLargeException() {
            super("the export does not fit within the function's time limit");
        }
    }
}
