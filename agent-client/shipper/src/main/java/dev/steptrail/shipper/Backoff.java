package dev.steptrail.shipper;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt: a random part of a bound that doubles from one second up to a minute, so that
 * many machines that lost the same service do not come back at once. Not thread-safe.
 */
final class Backoff {
    static final Duration FIRST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofMinutes(1);

    private final DoubleSupplier random;
    private Duration bound = FIRST;

    /** @param random numbers from 0 to 1, evenly spread */
    Backoff(DoubleSupplier random) {
        this.random = random;
    }

    /** The wait after another failure. */
    Duration next() {
        Duration wait = Duration.ofMillis(Math.round(bound.toMillis() * random.getAsDouble()));
        Duration doubled = bound.multipliedBy(2);
        bound = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        return wait;
    }

    /** Begins anew, after a success. */
    void reset() {
        bound = FIRST;
    }
}
