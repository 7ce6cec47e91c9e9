package dev.steptrail.tracker.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.steptrail.stepformat.TaskRecords;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
    private static final UUID TASK = UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad91");

    @TempDir
    Path folder;

    private Outbox outbox;

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.open(folder.resolve("outbox"));
    }

    @Test
    void tasks_areFoldersNamedByATaskIdAndCreatedByAWriter_oldestFirst() throws IOException {
        UUID later = UUID.fromString("0190163d-8695-739b-aea5-966c26f8ad91");
        outbox.newTask(later).close();
        outbox.newTask(TASK).close();
        Files.createDirectories(outbox.folder().resolve("rejected"));
        Files.createDirectories(outbox.folder().resolve("." + TASK + ".tmp"));
        Files.createFile(outbox.folder().resolve(UUID.randomUUID().toString()));
        Files.createDirectories(outbox.folder().resolve(UUID.randomUUID() + "/thesis"));
        Files.createSymbolicLink(outbox.folder().resolve(UUID.randomUUID().toString()), folder);

        assertThat(outbox.tasks()).extracting(OutboxTask::id).containsExactly(TASK, later);
        assertThat(outbox.task(UUID.randomUUID())).isEmpty();
    }

    @Test
    void anInvalidOutbox_isNamedInTheMessage() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> Outbox.open(file))
                .isInstanceOf(IOException.class)
                .hasMessage("the outbox " + file + " is not a folder");
        assertThatThrownBy(() -> Outbox.openReadOnly(file)).hasMessage("the outbox " + file + " is not a folder");
        assertThatThrownBy(() -> Outbox.open(file.resolve("below")))
                .hasMessage(
                        "the outbox " + file.resolve("below") + " cannot be created (Not a directory): choose a folder"
                                + " in which this user can create folders");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void outboxThatTheFileSystemRefuses_isNamedInTheMessage() {
        assertThatThrownBy(() -> Outbox.open(Path.of("/proc/x")))
                .hasMessage(
                        "the outbox /proc/x cannot be created: choose a folder in which this user can create folders");
    }

    /** Skipped for root, which ignores file permissions. */
    @Test
    void anInaccessibleOutbox_isNamedInTheMessageWithTheSolution() throws IOException {
        Path shut = Files.createDirectory(folder.resolve("shut"), withMode("---------"));
        assumeTrue(!Files.isReadable(shut), "skipped: this user may read any folder");

        assertThatThrownBy(() -> Outbox.open(shut))
                .hasMessage("the outbox " + shut
                        + " is not writable: give this user write permission, or mount it read-write");
        assertThatThrownBy(() -> Outbox.openReadOnly(shut))
                .hasMessage("the outbox " + shut + " is not readable: give this user read permission");
    }

    private static FileAttribute<?> withMode(String mode) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    }

    @Test
    void addCompleteTask_addsATaskOnce() throws IOException {
        assertThat(outbox.addCompleteTask(TASK, OutboxTest::write)).isTrue();
        assertThat(outbox.addCompleteTask(TASK, OutboxTest::write)).isFalse();

        assertThat(outbox.task(TASK).orElseThrow().linesFrom(0, 1_000_000)).hasSize(2);
        assertThat(outbox.folder()).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void addCompleteTask_thatFails_leavesNothing() {
        assertThatThrownBy(() -> outbox.addCompleteTask(TASK, writer -> {
                    writer.append(new TaskRecords(TASK).started());
                    throw new IOException("in the middle");
                }))
                .hasMessage("in the middle");

        assertThat(outbox.folder()).isEmptyDirectory();
    }

    @Test
    void addCompleteTask_removesTheFilesOfADeadProcess() throws IOException {
        Path left = Files.createDirectories(outbox.folder().resolve("." + TASK + ".tmp/frames"));
        Files.createFile(left.resolve("1-before.png"));

        assertThat(outbox.addCompleteTask(TASK, OutboxTest::write)).isTrue();

        assertThat(outbox.folder().resolve(TASK + "/frames")).isEmptyDirectory();
    }

    @Test
    void addCompleteTask_ofATaskThatIsBeingAdded_fails() throws IOException {
        outbox.addCompleteTask(TASK, writer -> {
            assertThatThrownBy(() -> outbox.addCompleteTask(TASK, OutboxTest::write))
                    .isInstanceOf(FileAlreadyExistsException.class);
            write(writer);
        });

        assertThat(outbox.task(TASK).orElseThrow().linesFrom(0, 1_000_000)).hasSize(2);
    }

    @Test
    void anAbandonedImport_isRemovedByAShipperAfterAnHour() throws Exception {
        Path left = abandonedImport(TASK, Duration.ofMinutes(61));
        Path fresh = abandonedImport(UUID.randomUUID(), Duration.ofMinutes(59));
        Path other = Files.createDirectory(outbox.folder().resolve("." + UUID.randomUUID() + ".tmp"));
        Files.setLastModifiedTime(other, FileTime.from(Instant.EPOCH));
        Path alive = outbox.folder().resolve("." + UUID.randomUUID() + ".tmp");
        try (TaskWriter writer = TaskWriter.create(alive, new DiskSync())) {
            writer.append(new TaskRecords(TASK).started());
            Files.setLastModifiedTime(alive, FileTime.from(Instant.EPOCH));
            assertThat(outbox.abandonedImports()).containsExactly(left);

            outbox.tryLock().orElseThrow().close();
        }

        assertThat(left).doesNotExist();
        assertThat(fresh).exists();
        assertThat(other).exists();
        assertThat(alive).exists();
    }

    private Path abandonedImport(UUID task, Duration age) throws IOException {
        Path left = outbox.folder().resolve("." + task + ".tmp");
        Files.createFile(Files.createDirectories(left.resolve("frames")).resolve("1-before.png"));
        Files.createFile(left.resolve("writer.lock"));
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(age)));
        return left;
    }

    @Test
    void aTaskFolderInUpperCase_isMisnamed() throws IOException {
        Path folder =
                Files.createDirectory(outbox.folder().resolve(TASK.toString().toUpperCase(Locale.ROOT)));
        Files.createFile(folder.resolve("steps.jsonl"));
        outbox.newTask(TASK).close();

        assertThat(outbox.tasks()).hasSize(1);
        assertThat(outbox.misnamedFolders()).containsExactly(folder);
    }

    private static void write(TaskWriter writer) throws IOException {
        writer.append(new TaskRecords(TASK).started());
        writer.append(new TaskRecords(TASK).ended());
    }
}
