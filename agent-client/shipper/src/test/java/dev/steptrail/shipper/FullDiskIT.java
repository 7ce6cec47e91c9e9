package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ships an open task from a file system of 1 MiB without a free byte. Skipped where no tmpfs can be mounted. */
class FullDiskIT extends LocalAwsTestBase {
    private static final int STEPS = 3;

    private Path disk;
    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString());
        assumeTrue(mounted, "skipped: mounting a tmpfs needs Linux and root");
        outbox = Outbox.open(disk.resolve("outbox"));
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    @Test
    void fullDisk_isEmptied_whileTheTaskIsOpen_andNothingIsSentAgain() throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task())) {
            writer.append(task.started());
            for (int number = 1; number <= STEPS; number++) {
                writer.append(task.step(
                        number,
                        "step",
                        writer.writeFrame(number, FrameRole.BEFORE, Screens.drawn(number), false, null)));
            }
            fill();

            ShipCounts counts = ship();

            assertThat(counts.lostScreenshots()).isZero();
            assertThat(frames()).isEmpty();
            assertThat(aws.records())
                    .hasSize(STEPS + 1)
                    .filteredOn(Step.class::isInstance)
                    .allSatisfy(step -> assertThat(((Step) step).screenshots()).hasSize(1));
            assertThat(ship().messages()).isZero();
            writer.append(task.ended());
        }
        Files.delete(disk.resolve("other"));
        ship();

        assertThat(aws.records()).containsExactly(task.ended());
        assertThat(steps().getParent()).doesNotExist();
    }

    @Test
    void rejectedLines_areCopiedOnlyTogether_soThatRetriesDoNotFillTheDisk() throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task())) {
            writer.append(task.started());
            for (int length : new int[] {20_000, 150_000}) {
                Files.writeString(steps(), "x".repeat(length) + "\n", StandardOpenOption.APPEND);
            }
            fill();
            for (int pass = 0; pass < 3; pass++) {
                try (FileChannel other = FileChannel.open(disk.resolve("other"), StandardOpenOption.WRITE)) {
                    other.truncate(other.size() - (pass == 0 ? 60_000 : 0));
                }
                assertThatThrownBy(this::ship).isInstanceOf(IOException.class);
                assertThat(steps().resolveSibling("rejected.jsonl")).isEmptyFile();
            }
            Files.delete(disk.resolve("other"));

            assertThat(ship().rejected()).isEqualTo(2);
            assertThat(steps().resolveSibling("rejected.jsonl")).hasSize(170_002);
        }
    }

    /** Writes a file until the disk has no free byte. */
    private void fill() throws IOException {
        assertThatThrownBy(() -> {
                    try (OutputStream other = Files.newOutputStream(disk.resolve("other"))) {
                        while (true) {
                            other.write(new byte[1024]);
                        }
                    }
                })
                .isInstanceOf(IOException.class);
        assertThat(Files.getFileStore(disk).getUsableSpace()).isZero();
    }

    private List<Path> frames() throws IOException {
        try (Stream<Path> frames = Files.list(steps().resolveSibling("frames"))) {
            return frames.toList();
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }
}
