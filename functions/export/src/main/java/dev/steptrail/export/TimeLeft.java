package dev.steptrail.export;

import java.time.Duration;
import java.util.function.Supplier;

/** Whether there is time to fetch more pictures, so that an export is finished without them, and not ended amid them. */
record TimeLeft(Supplier<Duration> remaining) {
    /** For all that comes after the pictures. */
    private static final Duration TO_FINISH = Duration.ofMinutes(3);

    boolean isEnough() {
        return remaining.get().compareTo(TO_FINISH) > 0;
    }
}
