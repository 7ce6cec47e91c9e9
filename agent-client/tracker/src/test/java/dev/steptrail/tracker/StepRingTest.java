package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.TaskStatus;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StepRingTest {
    private enum Call {
        BEGIN,
        OFFER,
        DROP,
        END,
        POLL
    }

    private static final int RESERVE = 2;

    private final TrackerCounts counts = new TrackerCounts();

    @Property(tries = 500)
    void anySequenceOfCalls_doesWhatAPlainQueueAndACounterWould(
            @ForAll @IntRange(min = 1, max = 5) int maxSteps, @ForAll @Size(max = 60) List<Call> calls) {
        StepRing ring = new StepRing(maxSteps, RESERVE, 0);
        Deque<Object> waiting = new ArrayDeque<>();
        OpenTask open = null;
        int last = 0;
        for (Call call : calls) {
            boolean roomForControl = waiting.size() < maxSteps + RESERVE;
            switch (call) {
                case BEGIN -> {
                    if (open == null) {
                        OpenTask task = task();
                        assertThat(ring.begin(task)).isEqualTo(roomForControl);
                        if (roomForControl) {
                            waiting.add(task.id());
                            open = task;
                            last = 0;
                        }
                    }
                }
                case OFFER -> {
                    int expected = open == null ? StepRing.NO_TASK : waiting.size() < maxSteps ? ++last : StepRing.FULL;
                    assertThat(ring.offer(step())).isEqualTo(expected);
                    if (expected > 0) {
                        waiting.add(expected);
                    }
                }
                case DROP -> {
                    long before = open == null ? 0 : open.dropped();
                    assertThat(ring.drop(DropReason.INVALID)).isEqualTo(open == null ? StepRing.NO_TASK : ++last);
                    if (open != null) {
                        assertThat(open.dropped()).isEqualTo(before + 1);
                    }
                }
                case END -> {
                    if (open != null) {
                        assertThat(ring.end(ending())).isEqualTo(roomForControl);
                        if (roomForControl) {
                            waiting.add("ended after " + last);
                        }
                        open = null;
                    }
                }
                case POLL -> assertThat(told(ring.poll())).isEqualTo(waiting.poll());
            }
            assertThat(ring.size()).isEqualTo(waiting.size());
            assertThat(ring.isEmpty()).isEqualTo(waiting.isEmpty());
        }
    }

    @Test
    void countersThatGoOnBelowZero_loseNothing() {
        StepRing ring = new StepRing(4, RESERVE, Integer.MAX_VALUE - 3);
        ring.begin(task());
        ring.poll();
        for (int number = 1; number <= 20; number++) {
            assertThat(ring.offer(step())).isEqualTo(number);
            assertThat(ring.size()).isEqualTo(1);
            assertThat(told(ring.poll())).isEqualTo(number);
        }
        assertThat(ring.place()).isNegative();
    }

    /** The consumer is slower than the threads now and then, so that the ring is full, and empty, again and again. */
    @Test
    void threadsThatOfferWhileTasksBeginAndEnd_getEachNumberOnce_andItsOrder() throws Exception {
        int tasks = 100;
        StepRing ring = new StepRing(8, RESERVE, 0);
        List<CompletableFuture<List<Integer>>> agents = new ArrayList<>();
        List<OpenTask> begun = new ArrayList<>();
        AtomicInteger ended = new AtomicInteger();
        for (int thread = 0; thread < 3; thread++) {
            agents.add(CompletableFuture.supplyAsync(() -> {
                List<Integer> numbers = new ArrayList<>();
                while (ended.get() < tasks) {
                    int number = ring.offer(step());
                    numbers.add(number == StepRing.FULL ? ring.drop(DropReason.QUEUE_FULL) : number);
                    if (number <= 0) {
                        Thread.yield();
                    }
                }
                return numbers;
            }));
        }
        CompletableFuture<Void> lifecycle = CompletableFuture.runAsync(() -> {
            while (ended.get() < tasks) {
                OpenTask task = task();
                if (ring.begin(task)) {
                    begun.add(task);
                    Thread.yield();
                    assertThat(ring.end(ending())).isTrue();
                    while (!ring.isEmpty()) {
                        Thread.yield();
                    }
                }
                ended.incrementAndGet();
            }
        });

        long taken = 0;
        long gaps = 0;
        int at = 0;
        int last = 0;
        while (!lifecycle.isDone() || !ring.isEmpty()) {
            TrackerEvent event = ring.poll();
            if (event instanceof TrackerEvent.Started) {
                last = 0;
                at++;
            } else if (event instanceof TrackerEvent.Recorded step) {
                assertThat(step.stepNumber()).isGreaterThan(last);
                gaps += step.stepNumber() - last - 1;
                last = step.stepNumber();
                taken++;
            } else if (event instanceof TrackerEvent.Ended end) {
                gaps += end.record().lastStepNumber() - last;
                assertThat(end.task().dropped())
                        .isLessThanOrEqualTo(end.record().lastStepNumber());
            }
        }
        lifecycle.get(10, TimeUnit.SECONDS);
        long numbered = 0;
        for (CompletableFuture<List<Integer>> agent : agents) {
            numbered += agent.get(10, TimeUnit.SECONDS).stream()
                    .filter(number -> number > 0)
                    .count();
        }

        assertThat(at).isEqualTo(begun.size());
        assertThat(taken + gaps).isEqualTo(numbered);
        assertThat(gaps).isEqualTo(counts.droppedSteps.total());
        assertThat(begun.stream().mapToLong(OpenTask::dropped).sum()).isEqualTo(gaps);
    }

    private OpenTask task() {
        return new OpenTask(new AgentIdentity(null, null, null).starting(TaskInfo.UNKNOWN, Instant.now()), counts);
    }

    private static StepData step() {
        return StepData.ofType("x").build();
    }

    private static TaskEnding ending() {
        return new TaskEnding(Instant.EPOCH, TaskStatus.SUCCEEDED, Ending.FINISHED, null);
    }

    /** What the model of the ring keeps of an event. */
    private static Object told(TrackerEvent event) {
        if (event instanceof TrackerEvent.Started started) {
            return started.task().id();
        }
        if (event instanceof TrackerEvent.Recorded step) {
            return step.stepNumber();
        }
        return event == null
                ? null
                : "ended after " + ((TrackerEvent.Ended) event).record().lastStepNumber();
    }
}
