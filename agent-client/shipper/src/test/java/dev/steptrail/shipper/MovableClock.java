package dev.steptrail.shipper;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands until it is moved, by one thread. */
final class MovableClock extends Clock {
    private volatile Instant now = Instant.now();

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread moves it
    void forward(int seconds) {
        now = now.plusSeconds(seconds);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("has no other zone");
    }
}
