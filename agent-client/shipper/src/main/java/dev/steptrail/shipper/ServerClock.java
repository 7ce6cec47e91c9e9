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

/** Compares this machine's clock with the {@code Date} header of each response, errors included. Thread-safe. */
final class ServerClock implements ExecutionInterceptor {
    private final Clock clock;
    private volatile @Nullable Duration skew;

    ServerClock(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        context.httpResponse()
                .firstMatchingHeader("Date")
                .flatMap(ServerClock::parse)
                .ifPresent(
                        time -> skew = Duration.between(time, clock.instant()).abs());
    }

    /** The absolute difference at the latest response; empty if no response had a date. */
    Optional<Duration> skew() {
        return Optional.ofNullable(skew);
    }

    private static Optional<Instant> parse(String date) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }
}
