package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.MovableClock;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Folders that cannot be shipped are reported, and do not delay other tasks. */
class BrokenFoldersIT extends LocalAwsTestBase {
    private final UUID odd = new UUID(0, 1);

    @Test
    void unreadableFolder_doesNotDelayOtherTasks() throws Exception {
        Files.createDirectories(oddFolder().resolve("steps.jsonl"));
        write(task.started(), task.ended());

        assertThatThrownBy(this::ship)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(oddFolder() + " is not shipped: ")
                .hasMessageContaining("steps.jsonl: is a link, a folder or a device");

        assertThat(aws.records()).containsExactly(task.started(), task.ended());
        assertThat(outbox.tasks()).extracting(OutboxTask::id).containsExactly(odd);
    }

    @Test
    void symbolicLink_isNotFollowed_andDoesNotDelayOtherTasks() throws Exception {
        write(task.started(), task.ended());
        Path theirs = folder.resolve("theirs.jsonl");
        Files.copy(steps(), theirs);
        Files.createDirectories(oddFolder());
        Files.createSymbolicLink(oddFolder().resolve("steps.jsonl"), theirs);
        String before = Files.readString(theirs);

        assertThatThrownBy(this::ship)
                .hasMessageStartingWith(oddFolder() + " is not shipped: ")
                .hasMessageEndingWith("steps.jsonl: is a link, a folder or a device; a regular file is required");

        assertThat(aws.records()).containsExactly(task.started(), task.ended());
        assertThat(theirs).hasContent(before);
    }

    @Test
    void brokenFolders_areReported() throws Exception {
        for (int i = 1; i <= 7; i++) {
            Files.createDirectories(outbox.folder().resolve(new UUID(0, i) + "/steps.jsonl"));
        }

        assertThatThrownBy(this::ship)
                .hasMessageContaining(new UUID(0, 1) + " is not shipped")
                .hasMessageContaining(new UUID(0, 5) + " is not shipped")
                .hasMessageEndingWith("; and 2 more");
    }

    @Test
    void repairedFolder_isShippedAfterItsPause() throws Exception {
        write(task.started(), task.ended());
        Path blocked = Files.createDirectories(steps().resolveSibling("shipped").resolve("x"));
        MovableClock clock = new MovableClock();
        try (Shipper shipper = open(clock)) {
            assertThatThrownBy(shipper::shipAll).isInstanceOf(IOException.class);
            Files.delete(blocked);
            Files.delete(blocked.getParent());
            assertThatThrownBy(shipper::shipAll).hasMessageContaining(task.task() + " is not shipped");
            assertThat(aws.records()).isEmpty();

            clock.forward(2);
            shipper.shipAll();
            assertThat(aws.records()).hasSize(2);
        }
    }

    private Path oddFolder() {
        return outbox.folder().resolve(odd.toString());
    }
}
