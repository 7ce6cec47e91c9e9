package dev.steptrail.shipper;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Compares this machine's clock with each answer that AWS gives, be it a refusal. Thread-safe. */
final class AnswerClock implements Consumer<Instant> {
    private final Clock clock;
    private volatile @Nullable Duration off;

    AnswerClock(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void accept(Instant theirs) {
        off = Duration.between(theirs, clock.instant()).abs();
    }

    /** How far off it is; empty if nobody has answered with a time. */
    Optional<Duration> off() {
        return Optional.ofNullable(off);
    }
}
