package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.internal.outbox.LossCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandoffQueueTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final LossCounts losses = new LossCounts();
    private final TrackedTask task = newTask(losses);

    static TrackedTask newTask(LossCounts losses) {
        return new TrackedTask(null, TaskRecords.newTask().started(), losses);
    }

    @Test
    void stepsThatDoNotFit_areCountedAndLeaveGaps_untilOthersAreWritten() {
        HandoffQueue queue = opened(3, 1_000_000);
        for (int number = 1; number <= 5; number++) {
            assertThat(queue.record(task, step(0))).isEqualTo(number);
        }
        assertThat(queue.size()).isEqualTo(3);
        assertThat(losses.steps()).isEqualTo(Map.of("queue_full", 2L));

        List<TrackerEvent> taken = take(queue);
        assertThat(numbers(taken)).containsExactly(1, 2, 3);
        queue.record(task, step(0));
        assertThat(losses.steps()).isEqualTo(Map.of("queue_full", 3L));
        queue.complete(taken.get(0));
        queue.record(task, step(0));
        assertThat(numbers(take(queue))).containsExactly(7);
    }

    @Test
    void startsAndEnds_haveReservedCapacity() {
        HandoffQueue queue = opened(1, 1_024);
        queue.record(task, StepData.ofType("x").thinking("x".repeat(300)).build());

        assertThat(queue.end(task, TaskStatus.FAILED, EndReason.ABANDONED, null, Map.of()))
                .isTrue();
        TrackedTask next = newTask(losses);
        assertThat(queue.start(next)).isTrue();
        assertThat(queue.record(next, step(0))).isEqualTo(1);
        assertThat(queue.size()).isEqualTo(3);
        assertThat(losses.steps()).isEqualTo(Map.of("queue_full", 1L));
    }

    @Test
    void aTaskBeyondTheReservedCapacity_isNotOpen() {
        HandoffQueue queue = opened(1, 1_000_000);
        TrackedTask refused = newTask(losses);
        while (queue.start(refused)) {
            refused = newTask(losses);
        }
        assertThat(queue.record(refused, step(0))).isZero();
        assertThat(queue.end(task, TaskStatus.SUCCEEDED, EndReason.FINISHED, null, Map.of()))
                .isFalse();
        assertThat(queue.record(task, step(0))).isZero();
        assertThat(queue.end(task, TaskStatus.SUCCEEDED, EndReason.FINISHED, null, Map.of()))
                .isTrue();
    }

    @Test
    void aStepWhoseScreenshotsDoNotFit_isQueuedWithoutThem() {
        HandoffQueue queue = opened(10, 10_000);
        queue.record(task, step(6_000));
        queue.record(task, step(6_000));
        List<TrackerEvent> taken = take(queue);

        assertThat(data(taken.get(0)).screens).hasSize(1);
        assertThat(data(taken.get(1)).screens).isEmpty();
        assertThat(data(taken.get(1)).droppedScreenshots).isEqualTo(1);
        assertThat(queue.bytes()).isBetween(6_000L, 8_000L);
        taken.forEach(queue::complete);
        assertThat(queue.bytes()).isZero();
        queue.record(task, step(6_000));
        assertThat(data(take(queue).get(0)).screens).hasSize(1);
    }

    private static TrackedTask taskOf(TrackerEvent event) {
        return ((TrackerEvent.OfTask) event).task();
    }

    @Test
    void stepsOfSeveralTasks_keepTheirTaskAndNumber() {
        HandoffQueue queue = opened(5, 1_000_000);
        TrackedTask other = newTask(losses);
        queue.start(other);
        for (TrackedTask next : List.of(task, task, other, task, other, other)) {
            queue.record(next, step(0));
        }
        List<TrackerEvent> taken = take(queue);
        taken.forEach(queue::complete);
        queue.record(other, step(0));
        List<TrackerEvent> afterLosses = take(queue);

        assertThat(taken.subList(1, 5)).extracting(HandoffQueueTest::taskOf).containsExactly(task, task, other, task);
        assertThat(numbers(taken.subList(1, 5))).containsExactly(1, 2, 1, 3);
        assertThat(losses.steps()).isEqualTo(Map.of("queue_full", 2L));
        assertThat(afterLosses).extracting(HandoffQueueTest::taskOf).containsExactly(other);
        assertThat(numbers(afterLosses)).containsExactly(4);
    }

    @Test
    void texts_countTowardsTheBytes() {
        HandoffQueue queue = opened(100, 100_000);
        StepData text = StepData.action(Map.of("text", "x".repeat(10_000)))
                .thinking("x".repeat(10_000))
                .build();
        for (int number = 1; number <= 4; number++) {
            queue.record(task, text);
        }

        assertThat(numbers(take(queue))).containsExactly(1, 2);
        assertThat(losses.steps()).isEqualTo(Map.of("queue_full", 2L));
        assertThat(queue.bytes()).isBetween(80_000L, 82_000L);
    }

    @Test
    void close_endsOpenTasks_andAcceptsNoMore() {
        HandoffQueue queue = opened(10, 1_000_000);
        queue.record(task, step(0));
        assertThat(queue.close("closed")).isEmpty();

        assertThat(queue.record(task, step(0))).isZero();
        assertThat(queue.start(newTask(losses))).isFalse();
        assertThat(take(queue)).hasSize(2).last().isInstanceOf(TrackerEvent.Ended.class);
        assertThat(queue.take(SOON)).isNull();
    }

    @Test
    void awaitWritten_returnsWhenAllEarlierEventsAreDone() throws Exception {
        HandoffQueue queue = opened(10, 1_000_000);
        queue.record(task, step(0));
        queue.record(task, step(0));
        long position = queue.lastPosition();
        CompletableFuture<Boolean> written = CompletableFuture.supplyAsync(() -> awaitWritten(queue, position));
        List<TrackerEvent> taken = take(queue);
        queue.complete(taken.get(0));
        assertThat(queue.isWritten(position)).isFalse();
        assertThat(queue.awaitWritten(position, Duration.ofMillis(1))).isFalse();
        queue.complete(taken.get(1));

        assertThat(written.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(queue.isWritten(position)).isTrue();
    }

    @Test
    void aWaitingWriter_isWokenByAStepAndByClose() throws Exception {
        HandoffQueue queue = opened(10, 1_000_000);
        CompletableFuture<List<TrackerEvent>> waiting = CompletableFuture.supplyAsync(() -> take(queue));
        Thread.sleep(50);
        queue.record(task, step(0));
        assertThat(waiting.get(4, TimeUnit.SECONDS)).hasSize(1);

        CompletableFuture<List<TrackerEvent>> last = CompletableFuture.supplyAsync(() -> take(queue));
        Thread.sleep(50);
        queue.close("closed");
        assertThat(last.get(4, TimeUnit.SECONDS)).hasSize(1);
    }

    private static boolean awaitWritten(HandoffQueue queue, long position) {
        try {
            return queue.awaitWritten(position, SOON);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns a queue with the task open and its start written. */
    private HandoffQueue opened(int maxSteps, long maxBytes) {
        HandoffQueue queue = new HandoffQueue(maxSteps, maxBytes, new LossWarnings(SOON));
        assertThat(queue.start(task)).isTrue();
        take(queue).forEach(queue::complete);
        return queue;
    }

    static List<TrackerEvent> take(HandoffQueue queue) {
        List<TrackerEvent> taken = new ArrayList<>();
        for (TrackerEvent event = queue.take(SOON); event != null; event = queue.take(Duration.ZERO)) {
            taken.add(event);
        }
        return taken;
    }

    private static List<Integer> numbers(List<TrackerEvent> events) {
        return events.stream()
                .map(event -> ((TrackerEvent.Recorded) event).stepNumber())
                .toList();
    }

    private static StepData data(TrackerEvent event) {
        return ((TrackerEvent.Recorded) event).data();
    }

    private static StepData step(int screenshotBytes) {
        StepData.Builder step = StepData.ofType("x");
        return (screenshotBytes == 0 ? step : step.frame(FrameRole.BEFORE, new byte[screenshotBytes], false)).build();
    }
}
