package dev.steptrail.export;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/** Whether there is time to go on, so that an export is finished without more pictures, or given up, and not ended amid them. */
record TimeLeft(Supplier<Duration> remaining) {
    /** For all that comes after. */
    private static final Duration TO_FINISH = Duration.ofMinutes(3);

    boolean isEnough() {
        return remaining.get().compareTo(TO_FINISH) > 0;
    }

    /** @throws TooLargeException if there is not: for what is of no use unless it is whole */
    void check() throws TooLargeException {
        if (!isEnough()) {
            throw new TooLargeException();
        }
    }

    /** There is more of it than can be exported within the time that a function has; to try again is no use. */
    static final class TooLargeException extends IOException {
        TooLargeException() {
            super("there is more of it than time to export it");
        }
    }
}
