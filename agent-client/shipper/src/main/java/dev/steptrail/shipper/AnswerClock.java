package dev.steptrail.shipper;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Compares this machine's clock with each answer that AWS gives, be it a refusal. Thread-safe. */
final class AnswerClock implements ExecutionInterceptor {
    private final Clock clock;
    private volatile @Nullable Duration off;

    AnswerClock(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        context.httpResponse()
                .firstMatchingHeader("Date")
                .flatMap(AnswerClock::time)
                .ifPresent(theirs ->
                        off = Duration.between(theirs, clock.instant()).abs());
    }

    private static Optional<Instant> time(String date) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
        } catch (DateTimeException noTime) {
            return Optional.empty();
        }
    }

    /** How far off it is; empty if nobody has answered with a time. */
    Optional<Duration> off() {
        return Optional.ofNullable(off);
    }
}
