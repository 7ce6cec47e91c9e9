package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.TaskStatus;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Closing and flushing a tracker. */
class CloseAndFlushTest extends TrackerFixture {
    @Test
    void record_afterClose_isCountedAsDropped() throws Exception {
        TrackedTask task = tracker.startTask("do it");
        tracker.close();

        assertThat(task.record(tap())).isZero();
        TrackedTask late = tracker.startTask("too late");
        late.succeeded(null);
        tracker.close();

        assertThat(tracker.stats().droppedSteps()).isEqualTo(Map.of("closed", 1L));
        assertThat(tracker.flush(SOON)).isTrue();
        assertThat(outbox.resolve(late.id().toString())).doesNotExist();
        assertThat(RecordedTask.of(outbox, task).ended().status()).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void flushesThatTimedOut_leaveNothingInTheQueue() throws Exception {
        TrackedTask task = tracker.startTask("do it");
        task.record(StepData.ofType("thinking")
                .thinking("x".repeat(15_000_000)) // keeps the writer thread busy
                .build());
        for (int i = 0; i < 1_000; i++) {
            tracker.flush(Duration.ofNanos(1));
        }
        assertThat(tracker.stats().queued()).isLessThanOrEqualTo(2);
        task.succeeded(null);
        tracker.flush(SOON);

        assertThat(tracker.stats().lostEnds()).isZero();
        assertThat(RecordedTask.of(outbox, task).ended().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Tag("slow")
    @Test
    void stepsConcurrentWithClose_areEachWrittenOrCounted() throws Exception {
        for (int round = 0; round < 50; round++) {
            StepTracker racing =
                    StepTracker.builder(outbox).maxQueuedSteps(1_000).build();
            TrackedTask task = racing.startTask("do it");
            AtomicInteger last = new AtomicInteger();
            Thread agent = new Thread(() -> {
                for (int number = task.record(tap()); number > 0; number = task.record(tap())) {
                    last.set(number);
                }
            });
            agent.start();
            // Depends on the number of steps, not on time: a millisecond would queue too many to read back.
            while (last.get() <= round) {
                Thread.onSpinWait();
            }
            racing.close();
            agent.join(10_000);

            Map<String, Long> dropped = racing.stats().droppedSteps();
            // The last call, which returned 0, is counted too.
            assertThat(racing.stats().written()
                            + dropped.values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum())
                    .isEqualTo(last.get() + 1);
            assertThat(RecordedTask.of(outbox, task).steps())
                    .hasSize((int) racing.stats().written());
        }
    }
}
