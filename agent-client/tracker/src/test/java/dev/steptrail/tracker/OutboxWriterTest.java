package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.tracker.outbox.Outbox;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events in orders that only threads at odds with each other bring about. */
class OutboxWriterTest {
    private static final Duration QUIET = Duration.ofSeconds(10);

    @TempDir
    Path outbox;

    private final HandoffQueue queue = new HandoffQueue(100, 1_000, QUIET);
    private final TrackerCounts counts = new TrackerCounts();

    @Test
    void aStepThatComesAfterItsTaskEnded_isCounted_andTheNextTaskNotDisturbed() throws Exception {
        OpenTask first = task();
        OpenTask second = task();
        queue.offerControl(new TrackerEvent.Started(first));
        queue.offer(first, first.nextStepNumber(), step());
        int late = first.nextStepNumber();
        queue.offerControl(ended(first));
        queue.offerControl(new TrackerEvent.Started(second));
        queue.offer(second, second.nextStepNumber(), step());
        queue.offer(first, late, step());
        queue.offer(second, second.nextStepNumber(), step());
        queue.offerControl(ended(second));

        writeAll();

        assertThat(Recorded.of(outbox, first.id()).numbers()).containsExactly(1);
        assertThat(Recorded.of(outbox, first.id()).ended().lastStepNumber()).isEqualTo(2);
        assertThat(Recorded.of(outbox, second.id()).numbers()).containsExactly(1, 2);
        assertThat(Recorded.of(outbox, second.id()).ended().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(first.nextStepNumber()).isZero();
        assertThat(counts.droppedSteps.byKey()).isEqualTo(Map.of("no_task", 1L));
    }

    @Test
    void aStepThatComesAfterTheWriterHasEnded_isCounted() throws Exception {
        OpenTask task = task();
        queue.offerControl(new TrackerEvent.Started(task));
        queue.offer(task, task.nextStepNumber(), step());
        writeAll();
        queue.offer(task, task.nextStepNumber(), step());

        assertThat(Recorded.of(outbox, task.id()).numbers()).containsExactly(1);
        assertThat(counts.droppedSteps.byKey()).isEqualTo(Map.of("closed", 1L));
        assertThat(queue.isWritten(queue.place())).isTrue();
    }

    private void writeAll() throws Exception {
        OutboxWriter writer = new OutboxWriter(queue, Outbox.in(outbox), counts, StepTracker.builder(outbox));
        queue.close();
        writer.run();
    }

    private OpenTask task() {
        Instant now = Instant.now();
        return new OpenTask(
                new TaskStarted(UuidV7.at(now), now, null, null, null, null, null, null, null, Map.of(), Map.of()),
                counts);
    }

    private static StepData step() {
        return StepData.ofType("x").build();
    }

    private static TrackerEvent.Ended ended(OpenTask task) {
        return new TrackerEvent.Ended(
                task,
                new TaskEnded(
                        task.id(), Instant.now(), TaskStatus.SUCCEEDED, Ending.FINISHED, null, task.end(), Map.of()));
    }
}
