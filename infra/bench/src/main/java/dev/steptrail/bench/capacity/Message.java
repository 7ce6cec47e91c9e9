package dev.steptrail.bench.capacity;

import java.time.Duration;

/**
 * A message of steps, sent to the queue. Times are microseconds since the simulation's begin.
 *
 * @param recorded when the first of its steps was recorded
 * @param sent when the queue has it
 * @param steps how many it holds
 */
record Message(long recorded, long sent, int steps) {
    /** Microseconds of a time. */
    static long micros(Duration time) {
        return time.toNanos() / 1000;
    }
}
