package dev.steptrail.bench.capacity;

import java.time.Duration;

/**
 * A time without the database, in microseconds since the simulation's begin.
 *
 * @param from its first moment
 * @param to the first moment after it
 * @param toFail how long an invocation tries to connect before it gives its messages back
 */
record Outage(long from, long to, long toFail) {
    static final Outage NONE = new Outage(Long.MAX_VALUE, Long.MAX_VALUE, 1);

    static Outage of(Duration from, Duration length, Duration toFail) {
        return new Outage(Message.micros(from), Message.micros(from.plus(length)), Message.micros(toFail));
    }

    boolean at(long now) {
        return from <= now && now < to;
    }

    /** Whether it begins while something is done. */
    boolean beginsWithin(long begun, long end) {
        return begun < from && from < end;
    }
}
