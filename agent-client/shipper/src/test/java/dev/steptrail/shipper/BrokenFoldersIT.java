package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        Path folder = outbox.folder().resolve(odd.toString());
        Files.createDirectories(folder.resolve("steps.jsonl"));
        write(task.started(), task.ended());

        assertThatThrownBy(this::ship)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(folder + " is not shipped: ")
                .hasMessageContaining("steps.jsonl: is a link, a folder or a device");

        assertThat(aws.records()).containsExactly(task.started(), task.ended());
        assertThat(outbox.tasks()).extracting(OutboxTask::id).containsExactly(odd);
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
}
