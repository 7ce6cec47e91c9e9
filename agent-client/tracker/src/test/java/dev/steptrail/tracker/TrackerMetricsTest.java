package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackerMetricsTest {
    @TempDir
    Path folder;

    @Test
    void meters_haveTheValuesOfTheStats_andShipperMetersAreNaNWithoutAShipper() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (StepTracker tracker = StepTracker.builder(folder).build()) {
            new TrackerMetrics(tracker).bindTo(registry);
            TrackedTask ended = tracker.startTask("ended");
            ended.succeeded(null);
            ended.record(StepData.action(Map.of("action", "Tap")).build());
            TrackedTask task = tracker.startTask("measured");
            task.record(StepData.action(Map.of("action", "Tap")).build());
            task.record(StepData.action(Map.of("action", "Tap")).build());
            assertThat(tracker.flush(Duration.ofSeconds(10))).isTrue();

            assertThat(registry.get("steptrail.written.steps").functionCounter().count())
                    .isEqualTo(2);
            assertThat(registry.get("steptrail.dropped.steps")
                            .tag("reason", "no_task")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("steptrail.dropped.steps")
                            .tag("reason", "queue_full")
                            .functionCounter()
                            .count())
                    .isZero();
            assertThat(registry.get("steptrail.written").functionCounter().count())
                    .isEqualTo(tracker.stats().writtenBytes());
            assertThat(registry.get("steptrail.queued.steps").gauge().value()).isZero();
            assertThat(registry.get("steptrail.outbox").gauge().value()).isNaN();
            assertThat(registry.get("steptrail.outbox.oldest").timeGauge().value())
                    .isNaN();
            assertThat(tracker.stats().shipped()).isNull();
        }
    }
}
