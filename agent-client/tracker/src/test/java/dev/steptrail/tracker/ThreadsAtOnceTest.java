package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskStatus;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Threads, and trackers, that record at once. */
class ThreadsAtOnceTest extends TrackerFixture {
    @Test
    void threadsThatRecordAtOnce_getNumbersOfTheirOwnAndWholeLines() throws Exception {
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        Set<Integer> numbers = ConcurrentHashMap.newKeySet();
        StepData step = framed(Pngs.ofSize(1, 1));
        atOnce(4, () -> {
            for (int i = 0; i < 100; i++) {
                numbers.add(tracker.record(step));
            }
            return null;
        });
        tracker.taskEnded(TaskStatus.SUCCEEDED, null);
        tracker.flush(SOON);

        Recorded recorded = Recorded.of(outbox, task);
        assertThat(numbers).hasSize(400).contains(1, 400);
        assertThat(recorded.numbers()).containsExactlyInAnyOrderElementsOf(numbers);
    }

    @Test
    void threadsThatRecordAtOnce_findTheirOwnStepUnderItsNumberAndTime() throws Exception {
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        Map<Integer, StepData> told = new ConcurrentHashMap<>();
        atOnce(4, () -> {
            for (int i = 0; i < 500; i++) {
                StepData step = StepData.ofType("x")
                        .thinking(Thread.currentThread().getName() + i)
                        .build();
                told.put(tracker.record(step), step);
            }
            return null;
        });
        tracker.flush(SOON);

        List<Step> steps = Recorded.of(outbox, task).steps();
        assertThat(steps).hasSize(2_000).allSatisfy(step -> {
            StepData original = told.get(step.stepNumber());
            assertThat(step.thinking()).isEqualTo(original.thinking);
            assertThat(step.timestamp()).isEqualTo(original.timestamp.truncatedTo(ChronoUnit.MICROS));
        });
    }

    @Test
    void tasksThatBeginAndEndWhileOthersRecord_areEachWhole() throws Exception {
        Set<UUID> tasks = ConcurrentHashMap.newKeySet();
        atOnce(3, () -> {
            for (int i = 0; i < 40; i++) {
                tasks.add(tracker.taskStarted(TaskInfo.of("do it")));
                tracker.record(tap());
                tracker.taskEnded(TaskStatus.SUCCEEDED, null);
                tracker.record(tap());
            }
            return null;
        });
        tracker.flush(SOON);

        long recorded = 0;
        for (UUID id : tasks) {
            Recorded task = Recorded.of(outbox, id);
            recorded += task.steps().size();
            assertThat(task.numbers()).doesNotHaveDuplicates().allMatch(number -> number <= lastOf(task));
        }
        long dropped = tracker.stats().droppedSteps().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        assertThat(tasks).hasSize(120);
        assertThat(recorded + dropped).isEqualTo(240);
        assertThat(tracker.stats().droppedSteps().keySet()).isSubsetOf("no_task");
    }

    @Test
    void severalTrackersOnOneOutbox_doNotDisturbEachOther() throws Exception {
        try (StepTracker other = StepTracker.builder(outbox).build()) {
            UUID mine = tracker.taskStarted(TaskInfo.of("mine"));
            UUID theirs = other.taskStarted(TaskInfo.of("theirs"));
            tracker.record(tap());
            other.record(tap());
            tracker.flush(SOON);
            other.flush(SOON);

            assertThat(Recorded.of(outbox, mine).numbers()).containsExactly(1);
            assertThat(Recorded.of(outbox, theirs).numbers()).containsExactly(1);
        }
    }

    private static int lastOf(Recorded task) {
        return task.ended().lastStepNumber();
    }

    private static void atOnce(int threads, Callable<Void> work) throws Exception {
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
