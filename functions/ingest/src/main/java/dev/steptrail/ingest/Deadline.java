package dev.steptrail.ingest;

import java.time.Duration;
import java.util.function.Supplier;

/** When to stop, so that the answer still gets out before the function is cut off. */
final class Deadline {
    private static final Duration RESERVE = Duration.ofSeconds(5);

    private final Supplier<Duration> remaining;

    /** @param remaining how long the function may still run */
    Deadline(Supplier<Duration> remaining) {
        this.remaining = remaining;
    }

    boolean isNear() {
        return left().isNegative();
    }

    /** How long until it is near. */
    Duration left() {
        return remaining.get().minus(RESERVE);
    }
}
