package dev.steptrail.tracker.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.tracker.Pngs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskWriterTest {
    private static final UUID TASK = UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad91");

    private static final UUID OTHER = UUID.fromString("0190163d-8695-739b-aea5-966c26f8ad91");

    @TempDir
    Path folder;

    private Outbox outbox;

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.open(folder);
    }

    @Test
    void anExistingTaskFolder_getsNoSecondWriter() throws IOException {
        try (TaskWriter writer = outbox.newTask(TASK)) {
            writer.append(new TaskRecords(TASK).started());
            assertThatThrownBy(() -> outbox.newTask(TASK)).isInstanceOf(FileAlreadyExistsException.class);
            assertThat(writer.exists()).isTrue();
        }
        assertThatThrownBy(() -> outbox.newTask(TASK)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(folder.resolve(TASK + "/steps.jsonl")).isNotEmptyFile();
    }

    @Test
    void theReserve_takesSpaceOnACompressingFileSystem_untilTheEnd() throws IOException {
        try (TaskWriter writer = outbox.newTask(TASK)) {
            byte[] reserve = Files.readAllBytes(folder.resolve(TASK + "/reserve"));
            ByteArrayOutputStream compressed = new ByteArrayOutputStream();
            try (DeflaterOutputStream out = new DeflaterOutputStream(compressed)) {
                out.write(reserve);
            }
            assertThat(reserve).hasSize(16 * 1024);
            assertThat(compressed.size()).isGreaterThanOrEqualTo(reserve.length);
            writer.releaseReserve();
        }
        assertThat(folder.resolve(TASK + "/reserve")).doesNotExist();
    }

    @Test
    void aFrame_isNamedByItsStepAndRole() throws IOException {
        try (TaskWriter writer = outbox.newTask(TASK)) {
            Frame before = writer.writeFrame(1, FrameRole.BEFORE, Pngs.ofSize(2, 3), true, null);
            Frame other = writer.writeFrame(1, FrameRole.OTHER, Pngs.ofSize(2, 3), false, null);
            Frame another = writer.writeFrame(1, FrameRole.OTHER, Pngs.ofSize(2, 3), false, null);
            Frame next = writer.writeFrame(2, FrameRole.OTHER, Pngs.ofSize(2, 3), false, null);

            assertThat(List.of(before.file(), other.file(), another.file(), next.file()))
                    .containsExactly(
                            "frames/1-before.png", "frames/1-other.png", "frames/1-other-2.png", "frames/2-other.png");
            assertThat(List.of(before.width(), before.height())).containsExactly(2, 3);
        }
        assertThat(folder.resolve(TASK + "/frames"))
                .isDirectoryNotContaining(file -> file.toString().endsWith(".tmp"));
    }

    @Test
    void aFrameThatCannotBeWritten_leavesNothing() throws IOException {
        try (TaskWriter writer = outbox.newTask(TASK)) {
            assertThatThrownBy(() -> writer.writeFrame(1, FrameRole.BEFORE, new byte[100], false, null))
                    .isInstanceOf(BrokenImageException.class);
            Files.createDirectories(folder.resolve(TASK + "/frames/2-before.png/in-the-way"));
            assertThatThrownBy(() -> writer.writeFrame(2, FrameRole.BEFORE, Pngs.ofSize(1, 1), false, null))
                    .isInstanceOf(IOException.class);
        }
        assertThat(folder.resolve(TASK + "/frames"))
                .isDirectoryNotContaining(file -> file.toString().endsWith(".tmp"));
    }

    @Test
    void files_areAccessibleByTheirOwnerOnly() throws IOException {
        assumeTrue(OutboxFiles.supportsPosixPermissions(folder), "skipped: this file system knows no modes");
        Outbox made = Outbox.open(folder.resolve("above/outbox"));
        try (TaskWriter writer = made.newTask(TASK)) {
            writer.append(new TaskRecords(TASK).started());
            writer.writeFrame(1, FrameRole.BEFORE, Pngs.ofSize(2, 3), true, null);
        }
        OutboxTask shipping = made.task(TASK).orElseThrow();
        shipping.reject(new OutboxLine(new byte[] {'x'}, 2));
        shipping.acknowledge(shipping.size());
        try (TaskWriter writer = made.newTask(OTHER)) {
            writer.append(new TaskRecords(OTHER).started());
        }
        OutboxTask shipped = made.task(OTHER).orElseThrow();
        shipped.reject(new OutboxLine(new byte[] {'x'}, 2));
        shipped.remove();
        made.tryLock().orElseThrow().close();
        Map<String, String> modes = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder.resolve("above"))) {
            for (Path path : all.toList()) {
                modes.put(
                        folder.relativize(path)
                                .toString()
                                .replace(TASK.toString(), "task")
                                .replace(OTHER.toString(), "other"),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            }
        }

        assertThat(modes)
                .isEqualTo(Map.ofEntries(
                        entry("above", "rwx------"),
                        entry("above/outbox", "rwx------"),
                        entry("above/outbox/.lock", "rw-------"),
                        entry("above/outbox/rejected", "rwx------"),
                        entry("above/outbox/rejected/other.jsonl", "rw-------"),
                        entry("above/outbox/task", "rwx------"),
                        entry("above/outbox/task/frames", "rwx------"),
                        entry("above/outbox/task/frames/1-before.png", "rw-------"),
                        entry("above/outbox/task/rejected.jsonl", "rw-------"),
                        entry("above/outbox/task/shipped", "rw-------"),
                        entry("above/outbox/task/steps.jsonl", "rw-------"),
                        entry("above/outbox/task/writer.lock", "rw-------")));
    }
}
