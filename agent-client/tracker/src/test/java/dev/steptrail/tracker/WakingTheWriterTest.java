package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.TaskStatus;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A writer thread that has nothing to do naps, then sleeps, and is there when there is something to do. */
class WakingTheWriterTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration LONGER_THAN_IT_NAPS = Duration.ofMillis(1_200);
    private static final StepData STEP = StepData.ofType("x").build();

    private HandoffQueue queue;
    private Thread writer;
    private volatile int taken;
    private volatile int looks;

    @AfterEach
    void close() throws Exception {
        queue.close();
        writer.join(10_000);
        assertThat(writer.isAlive()).isFalse();
    }

    @Test
    void steadyWork_isTakenManyStepsAtATime() throws Exception {
        start(1_000);
        for (int number = 1; number <= 200; number++) {
            queue.record(STEP);
            Thread.sleep(1);
        }
        awaitTaken();

        assertThat(taken).isEqualTo(200);
        assertThat(looks).isLessThan(100);
    }

    /** If each of them took a nap, they would take forty seconds. */
    @Test
    void stepsThatFillTheQueue_endANap() throws Exception {
        start(3);
        long begun = System.nanoTime();
        for (int number = 1; number <= 2_000; number++) {
            queue.record(STEP);
            awaitTakenUnasked(); // so that the next one meets a writer that is about to nap, naps or wakes
            if (number % 200 == 0) {
                Thread.sleep(2);
            }
        }
        awaitTaken();

        assertThat(taken).isEqualTo(2_000);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }

    /** If each of them took a nap, they would take four seconds. */
    @Test
    void whoeverWaitsForSteps_endsANap() throws Exception {
        start(1_000);
        long begun = System.nanoTime();
        for (int number = 1; number <= 200; number++) {
            queue.record(STEP);
            awaitTaken();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void endAndBeginningOfATask_endItsSleep() throws Exception {
        start(1_000);
        Thread.sleep(LONGER_THAN_IT_NAPS.toMillis());
        assertThat(queue.end(new TaskEnding(Instant.now(), TaskStatus.SUCCEEDED, Ending.FINISHED, null)))
                .isTrue();
        awaitTakenUnasked();
        Thread.sleep(LONGER_THAN_IT_NAPS.toMillis());
        assertThat(queue.begin(task())).isTrue();
        awaitTakenUnasked();
    }

    @Test
    void aStepEndsItsSleep() throws Exception {
        start(1_000);
        Thread.sleep(LONGER_THAN_IT_NAPS.toMillis());
        queue.record(STEP);
        awaitTakenUnasked();
        awaitTaken();

        assertThat(taken).isEqualTo(1);
    }

    @Test
    void asleep_itUsesNoProcessor_notEvenInterrupted() throws Exception {
        start(1_000);
        Thread.sleep(50);
        writer.interrupt();
        Thread.sleep(LONGER_THAN_IT_NAPS.toMillis());
        writer.interrupt();
        Thread.sleep(50);
        long before = used();
        Thread.sleep(300);

        assertThat(Duration.ofNanos(used() - before)).isLessThan(Duration.ofMillis(20));
    }

    private long used() {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(writer.getId());
    }

    /** A queue whose task is open, and a writer that takes from it until it is closed. */
    private void start(int maxSteps) throws Exception {
        queue = new HandoffQueue(maxSteps, 100, SOON);
        writer = new Thread(this::take);
        writer.start();
        assertThat(queue.begin(task())).isTrue();
        awaitTaken();
    }

    private static OpenTask task() {
        return new OpenTask(
                new AgentIdentity(null, null, null).starting(TaskInfo.UNKNOWN, Instant.now()), new TrackerCounts());
    }

    private void take() {
        while (!queue.isClosed()) {
            boolean wasEmpty = queue.size() == 0;
            TrackerEvent event = queue.poll(LONG);
            looks += wasEmpty ? 1 : 0;
            taken += event instanceof TrackerEvent.Recorded ? 1 : 0;
        }
    }

    /** Not by {@code awaitWritten}, which wakes the writer. */
    private void awaitTakenUnasked() {
        long begun = System.nanoTime();
        while (queue.size() > 0 && System.nanoTime() - begun < SOON.toNanos()) {
            Thread.onSpinWait();
        }
        assertThat(queue.size()).isZero();
    }

    /** Until all is taken, and counted. */
    private void awaitTaken() throws Exception {
        assertThat(queue.awaitWritten(queue.place(), SOON)).isTrue();
    }
}
