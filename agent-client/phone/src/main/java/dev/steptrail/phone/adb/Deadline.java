package dev.steptrail.phone.adb;

import java.time.Duration;

/**
 * The time at which a request is given up.
 *
 * @param nanos of {@link System#nanoTime}
 * @param timeout the time that the request had, for messages
 */
record Deadline(long nanos, Duration timeout) {
    static Deadline after(Duration timeout) {
        return new Deadline(System.nanoTime() + timeout.toNanos(), timeout);
    }

    boolean hasPassed() {
        return nanos - System.nanoTime() <= 0;
    }

    Duration remaining() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }
}
