package dev.steptrail.tracker;

import dev.steptrail.tracker.internal.outbox.LossReason;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Registers a tracker's {@link StepTracker#stats() statistics} as Micrometer meters; Micrometer must be on the class
 * path. The meters of a shipper are NaN if none runs in this process. Registries hold a weak reference to the tracker.
 */
public final class TrackerMetrics implements MeterBinder {
    private final StepTracker tracker;

    public TrackerMetrics(StepTracker tracker) {
        this.tracker = tracker;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "steptrail.queued.steps", null, stats -> stats.queued());
        gauge(registry, "steptrail.queued", "bytes", stats -> stats.queuedBytes());
        counter(registry, "steptrail.written.steps", null, TrackerStats::written);
        counter(registry, "steptrail.written", "bytes", TrackerStats::writtenBytes);
        counter(registry, "steptrail.unconfirmed", null, TrackerStats::unconfirmed);
        counter(registry, "steptrail.lost.ends", null, TrackerStats::lostEnds);
        counter(registry, "steptrail.lost.verdicts", null, TrackerStats::lostVerdicts);
        droppedCounters(registry, "steptrail.dropped.steps", TrackerStats::droppedSteps);
        droppedCounters(registry, "steptrail.dropped.screenshots", TrackerStats::droppedScreenshots);
        counter(registry, "steptrail.shipped.steps", null, stats -> orNaN(stats.shipped()));
        gauge(registry, "steptrail.outbox", "bytes", stats -> orNaN(stats.outboxBytes()));
        TimeGauge.builder(
                        "steptrail.outbox.oldest", tracker, TimeUnit.SECONDS, fromStats(TrackerMetrics::oldestSeconds))
                .register(registry);
    }

    private void droppedCounters(
            MeterRegistry registry, String name, Function<TrackerStats, Map<String, Long>> dropped) {
        for (LossReason reason : LossReason.values()) {
            FunctionCounter.builder(name, tracker, fromStats(stats -> dropped.apply(stats)
                            .getOrDefault(reason.key(), 0L)))
                    .tag("reason", reason.key())
                    .register(registry);
        }
    }

    private void gauge(
            MeterRegistry registry, String name, @Nullable String unit, ToDoubleFunction<TrackerStats> value) {
        Gauge.builder(name, tracker, fromStats(value)).baseUnit(unit).register(registry);
    }

    private void counter(
            MeterRegistry registry, String name, @Nullable String unit, ToDoubleFunction<TrackerStats> value) {
        FunctionCounter.builder(name, tracker, fromStats(value)).baseUnit(unit).register(registry);
    }

    private static ToDoubleFunction<StepTracker> fromStats(ToDoubleFunction<TrackerStats> value) {
        return tracker -> value.applyAsDouble(tracker.stats());
    }

    private static double oldestSeconds(TrackerStats stats) {
        Duration age = stats.oldestUnshipped();
        return age == null ? Double.NaN : age.toMillis() / 1000.0;
    }

    private static double orNaN(@Nullable Long value) {
        return value == null ? Double.NaN : value;
    }
}
