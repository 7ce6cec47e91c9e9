package dev.steptrail.demophone;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that advances only when the test advances it, so that a run always has the same times. */
public final class ManualClock extends Clock {
    private LocalDateTime time;

    public ManualClock(LocalDateTime time) {
        this.time = time;
    }

    public void advance(Duration duration) {
        time = time.plus(duration);
    }

    /** Returns the local time. */
    public LocalDateTime time() {
        return time;
    }

    @Override
    public Instant instant() {
        return time.toInstant(ZoneOffset.UTC);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("this clock has local time only");
    }
}
