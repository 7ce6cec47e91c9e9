package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Valid and invalid settings. */
class StepTrackerBuilderTest extends TrackerFixture {
    @Test
    void anOutboxThatCannotBeCreated_failsTheBuild() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> StepTracker.builder(file).build())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("the outbox " + file + " is not a folder")
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @Test
    void invalidSettings_areRejectedByName() {
        StepTrackerBuilder builder = StepTracker.builder(outbox);

        assertThatThrownBy(() -> builder.maxQueuedSteps(0)).hasMessage("maxQueuedSteps must be 1 to 1000000, but is 0");
        assertThatThrownBy(() -> builder.maxQueuedSteps(Integer.MAX_VALUE)).hasMessageContaining("maxQueuedSteps");
        assertThatThrownBy(() -> builder.maxQueuedBytes(0)).hasMessageContaining("maxQueuedBytes");
        assertThatThrownBy(() -> builder.maxOutboxBytes(1_000_000)).hasMessageContaining("maxOutboxBytes");
        assertThatThrownBy(() -> builder.durabilityTimeout(Duration.ZERO)).hasMessageContaining("durabilityTimeout");
        assertThatThrownBy(() -> builder.closeTimeout(Duration.ofSeconds(-1))).hasMessageContaining("closeTimeout");
    }

    @Test
    void aReusedBuilder_doesNotChangeItsFirstTracker() throws Exception {
        StepTrackerBuilder builder = StepTracker.builder(outbox).agent("first");
        try (StepTracker first = builder.build();
                StepTracker second = builder.agent("second").build()) {
            TrackedTask task = first.startTask("do it");
            TrackedTask other = second.startTask("do it");
            first.flush(SOON);
            second.flush(SOON);

            assertThat(RecordedTask.of(outbox, task).started().agent()).isEqualTo("first");
            assertThat(RecordedTask.of(outbox, other).started().agent()).isEqualTo("second");
        }
    }
}
