package dev.steptrail.tracker.internal.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.tracker.Pngs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is forced to the disk, and in which order. Tests cannot simulate a power cut itself. */
class DiskSyncTest {
    private static final UUID TASK = UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad91");
    private static final String AT = "outbox/" + TASK;

    @TempDir
    Path folder;

    private RecordingDiskSync disk;
    private Outbox outbox;

    @BeforeEach
    void open() throws IOException {
        folder = folder.toRealPath();
        disk = new RecordingDiskSync(folder);
        outbox = disk.outbox(folder.resolve("outbox"));
    }

    @Test
    void aNewOutbox_forcesItsParentFolders_butAnExistingOneDoesNot() throws IOException {
        assertThat(disk.forced()).containsExactly("/");

        disk.outbox(folder.resolve("a/b/outbox"));
        assertThat(disk.forced()).containsExactly("/", "a/", "a/b/");
        disk.outbox(folder.resolve("a/b/outbox"));
        assertThat(disk.forced()).isEmpty();
    }

    @Test
    void sync_forcesScreenshotsThenStepsThenTheFoldersOnce() throws IOException {
        disk.forced();
        try (TaskWriter writer = outbox.newTask(TASK)) {
            writer.append(new TaskRecords(TASK).started());
            writer.writeFrame(1, FrameRole.BEFORE, Pngs.ofSize(2, 3), true, null);
            writer.writeFrame(1, FrameRole.AFTER, Pngs.ofSize(2, 3), true, null);
            writer.append(new TaskRecords(TASK).step(1, "x"));
            assertThat(disk.forced()).isEmpty();

            writer.sync();
            assertThat(disk.forced())
                    .containsExactly(
                            AT + "/frames/1-before.png",
                            AT + "/frames/1-after.png",
                            AT + "/frames/",
                            AT + "/steps.jsonl",
                            AT + "/",
                            "outbox/");
            writer.append(new TaskRecords(TASK).step(2, "x"));
            writer.sync();
            assertThat(disk.forced()).containsExactly(AT + "/steps.jsonl");

            writer.writeFrame(3, FrameRole.BEFORE, Pngs.ofSize(2, 3), true, null);
            Files.delete(folder.resolve(AT + "/frames/3-before.png"));
            assertThatThrownBy(writer::sync).hasMessageContaining("3-before.png");
            disk.forced();
        }
        assertThat(disk.forced()).containsExactly(AT + "/steps.jsonl");
    }

    @Test
    void acknowledge_forcesTheStepsThenTheOffsetBeforeItsRename() throws IOException {
        OutboxTask task = taskOfTwoLines();

        task.acknowledge(task.size());

        assertThat(disk.forced()).containsExactly(AT + "/steps.jsonl", AT + "/shipped.tmp", AT + "/");
        assertThat(task.shipped()).isEqualTo(task.size());
    }

    @Test
    void aRejectedLine_isForcedBeforeTheOffsetAdvances_andBeforeItsFolderIsDeleted() throws IOException {
        OutboxTask task = taskOfTwoLines();

        task.reject(new OutboxLine("not a record".getBytes(UTF_8), 10));
        assertThat(disk.forced()).containsExactly(AT + "/rejected.jsonl", AT + "/");
        task.remove();
        assertThat(disk.forced()).containsExactly("outbox/rejected/", "outbox/");
        OutboxTask again = taskOfTwoLines();
        again.reject(new OutboxLine("nor this".getBytes(UTF_8), 10));
        disk.forced();
        again.remove();
        assertThat(disk.forced()).containsExactly("outbox/rejected/" + TASK + ".jsonl", "outbox/rejected/", "outbox/");
        assertThat(Files.readString(folder.resolve("outbox/rejected/" + TASK + ".jsonl")))
                .isEqualTo("not a record\nnor this\n");
    }

    private OutboxTask taskOfTwoLines() throws IOException {
        try (TaskWriter writer = outbox.newTask(TASK)) {
            writer.append(new TaskRecords(TASK).started());
            writer.append(new TaskRecords(TASK).step(1, "one"));
        }
        disk.forced();
        return outbox.task(TASK).orElseThrow();
    }
}
