package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Step;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Concurrent recording by several threads and trackers. */
class ConcurrentRecordingTest extends TrackerFixture {
    @Test
    void concurrentThreads_findTheirStepUnderItsNumberAndTime() throws Exception {
        TrackedTask task = tracker.startTask("do it");
        Map<Integer, StepData> recordedSteps = new ConcurrentHashMap<>();
        runConcurrently(4, () -> {
            for (int i = 0; i < 500; i++) {
                StepData step = StepData.ofType("x")
                        .thinking(Thread.currentThread().getName() + i)
                        .build();
                recordedSteps.put(task.record(step), step);
            }
            return null;
        });
        tracker.flush(SOON);

        List<Step> steps = RecordedTask.of(outbox, task).steps();
        assertThat(steps).hasSize(2_000).allSatisfy(step -> {
            StepData original = recordedSteps.get(step.stepNumber());
            assertThat(step.thinking()).isEqualTo(original.thinking);
            assertThat(step.timestamp()).isEqualTo(original.timestamp.truncatedTo(ChronoUnit.MICROS));
        });
    }

    @Test
    void concurrentTasks_areEachComplete() throws Exception {
        Set<TrackedTask> tasks = ConcurrentHashMap.newKeySet();
        runConcurrently(3, () -> {
            for (int i = 0; i < 40; i++) {
                TrackedTask task = tracker.startTask("do it");
                tasks.add(task);
                task.record(tap());
                task.record(tap());
                task.succeeded(null);
            }
            return null;
        });
        tracker.flush(SOON);

        assertThat(tasks).hasSize(120);
        for (TrackedTask task : tasks) {
            assertThat(RecordedTask.of(outbox, task).numbers()).containsExactly(1, 2);
            assertThat(RecordedTask.of(outbox, task).ended().lastStepNumber()).isEqualTo(2);
        }
        assertThat(tracker.stats().droppedSteps()).isEmpty();
    }

    @Test
    void aTaskEndedDuringConcurrentRecording_hasNoStepAfterItsEnd() throws Exception {
        for (int round = 0; round < 20; round++) {
            TrackedTask task = tracker.startTask("do it");
            AtomicInteger last = new AtomicInteger();
            runConcurrently(3, () -> {
                for (int number = task.record(tap()); number > 0; number = task.record(tap())) {
                    last.accumulateAndGet(number, Math::max);
                    if (number == 50) {
                        task.succeeded(null);
                    }
                }
                return null;
            });
            tracker.flush(SOON);

            RecordedTask recorded = RecordedTask.of(outbox, task);
            assertThat(recorded.numbers()).isSorted().doesNotHaveDuplicates().hasSize(last.get());
            assertThat(recorded.ended().lastStepNumber()).isEqualTo(last.get());
        }
    }

    private static void runConcurrently(int threads, Callable<Void> work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (Future<Void> done : pool.invokeAll(Collections.nCopies(threads, work))) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
