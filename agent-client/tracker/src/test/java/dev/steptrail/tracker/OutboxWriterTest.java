package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Ending;
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

/** What the writer thread makes of events that were there before it came. */
class OutboxWriterTest {
    private static final Duration QUIET = Duration.ofSeconds(10);

    @TempDir
    Path outbox;

    private final HandoffQueue queue = new HandoffQueue(100, 1_000, QUIET);
    private final TrackerCounts counts = new TrackerCounts();

    @Test
    void tasksThatWaitTogether_areEachWritten_withTheirOwnSteps() throws Exception {
        OpenTask first = task();
        OpenTask second = task();
        queue.begin(first);
        queue.record(step());
        queue.record(null);
        queue.end(ended());
        assertThat(queue.record(step())).isZero();
        queue.begin(second);
        queue.record(step());
        queue.record(step());
        queue.end(ended());

        writeAll();

        assertThat(Recorded.of(outbox, first.id()).numbers()).containsExactly(1);
        assertThat(Recorded.of(outbox, first.id()).ended().lastStepNumber()).isEqualTo(2);
        assertThat(Recorded.of(outbox, second.id()).numbers()).containsExactly(1, 2);
        assertThat(Recorded.of(outbox, second.id()).ended().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(counts.droppedSteps.byKey()).isEqualTo(Map.of("invalid", 1L));
    }

    @Test
    void aStepThatComesAfterTheWriterHasEnded_isCounted() throws Exception {
        OpenTask task = task();
        queue.begin(task);
        queue.record(step());
        writeAll();
        queue.record(step());

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

    private static TaskEnding ended() {
        return new TaskEnding(Instant.now(), TaskStatus.SUCCEEDED, Ending.FINISHED, null);
    }
}
