package dev.steptrail.tracker.internal.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.tracker.Pngs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxTaskTest extends WrittenTaskFixture {
    @Test
    void remove_preservesUnknownFiles_butNotTheTask() throws IOException {
        Path theirs = Files.writeString(task.folder().resolve("notes.txt"), "mine");
        task.remove();

        assertThat(task.folder().toFile().list()).containsExactly("notes.txt");
        assertThat(theirs).hasContent("mine");
        assertThat(Outbox.open(outbox).tasks()).isEmpty();
    }

    @Test
    void anAcknowledgedOffset_isReadByTheNextShipper() throws IOException {
        long first = task.linesFrom(0, 1).get(0).end();
        task.acknowledge(first);

        OutboxTask again = Outbox.open(outbox).task(TASK).orElseThrow();
        assertThat(again.shipped()).isEqualTo(first);
        assertThat(task.folder().resolve("shipped")).hasContent(first + "\n");
        assertThat(task.folder().resolve("shipped.tmp")).doesNotExist();
        assertThat(again.linesFrom(first, 1_000_000)).hasSize(1);
        task.acknowledge(task.size());
        assertThat(again.linesFrom(again.shipped(), 1_000_000)).isEmpty();
    }

    @Test
    void anOffsetThatCannotBeWritten_isStoredInAFileName_untilItCanBeWritten() throws IOException {
        AtomicBoolean full = new AtomicBoolean(true);
        OutboxTask shipping = Outbox.open(outbox, new DiskSync() {
                    @Override
                    void syncFile(Path file, FileChannel channel) throws IOException {
                        if (full.get() && file.endsWith("shipped.tmp")) {
                            throw new IOException("No space left on device");
                        }
                    }
                })
                .task(TASK)
                .orElseThrow();
        long first = task.linesFrom(0, 1).get(0).end();

        shipping.acknowledge(first);
        assertThat(task.shipped()).isEqualTo(first);
        shipping.acknowledge(task.size());
        assertThat(task.shipped()).isEqualTo(task.size());
        assertThat(task.folder().resolve("shipped")).doesNotExist();
        assertThat(task.folder().resolve("shipped.at-" + task.size())).isEmptyFile();

        full.set(false);
        shipping.acknowledge(task.size());
        assertThat(task.folder().resolve("shipped")).hasContent(task.size() + "\n");
        assertThat(task.folder().toFile().list((folder, name) -> name.startsWith("shipped.")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "3", "99999999"})
    void anInvalidOffsetInAFileName_countsAsZero_andIsDeletedWithTheTask(String offset) throws IOException {
        Files.createFile(task.folder().resolve("shipped.at-" + offset));

        assertThat(task.shipped()).isZero();
        task.remove();
        assertThat(task.folder()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "garbage", "-1", "0", "3", "1e3", "99999999", "99999999999999999999", "\u00e9"})
    void anInvalidOffset_countsAsZero(String shipped) throws IOException {
        Files.writeString(task.folder().resolve("shipped"), shipped, UTF_8);

        assertThat(task.shipped()).isZero();
    }

    @Test
    void aBinaryOffset_orOneWithoutSteps_countsAsZero() throws Exception {
        Files.write(task.folder().resolve("shipped"), new byte[] {(byte) 0xFF, 0, 1});

        assertThat(task.shipped()).isZero();

        task.acknowledge(task.size());
        Files.delete(steps);

        assertThat(task.shipped()).isZero();
        assertThat(task.size()).isZero();
        assertThat(task.linesFrom(0, 1_000)).isEmpty();
        assertThat(task.lastLine()).isEmpty();
    }

    @Test
    void aRejectedLine_isKeptWhenTheFolderIsDeleted() throws IOException {
        task.reject(new OutboxLine("no record".getBytes(UTF_8), 10));
        task.reject(new OutboxLine("nor this".getBytes(UTF_8), 20));
        assertThat(task.folder().resolve("rejected.jsonl")).hasContent("no record\nnor this\n");

        task.remove();

        assertThat(task.folder()).doesNotExist();
        assertThat(outbox.resolve("rejected/" + TASK + ".jsonl")).hasContent("no record\nnor this\n");
        assertThat(Outbox.open(outbox).tasks()).isEmpty();
    }

    @Test
    void aFrame_isReadAndRemoved() throws IOException {
        assertThat(task.readFrame("frames/1-before.png")).isEqualTo(Pngs.ofSize(1, 1));
        task.removeFrame("frames/1-before.png");
        task.removeFrame("frames/1-before.png");

        assertThatThrownBy(() -> task.readFrame("frames/1-before.png"))
                .isInstanceOf(BrokenImageException.class)
                .hasMessage("the frame's file is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frames/../steps.jsonl",
                "steps.jsonl",
                "../x.png",
                "/etc/passwd",
                "frames",
                "frames/a/b.png",
                "",
                "frames/\0"
            })
    void aFrameOutsideItsFolder_isRejected(String name) {
        assertThatThrownBy(() -> task.readFrame(name)).isInstanceOf(BrokenImageException.class);
        assertThatThrownBy(() -> task.removeFrame(name)).isInstanceOf(BrokenImageException.class);
        assertThat(steps).exists();
    }

    @Test
    void aLinkInsteadOfTheFramesFolder_isNotFollowed() throws IOException {
        Path elsewhere = Files.createDirectory(outbox.resolve("elsewhere"));
        Path secret = Files.write(elsewhere.resolve("1-before.png"), Pngs.ofSize(1, 1));
        task.removeFrame("frames/1-before.png");
        Files.delete(task.folder().resolve("frames"));
        Files.createSymbolicLink(task.folder().resolve("frames"), elsewhere);

        assertThatThrownBy(() -> task.readFrame("frames/1-before.png")).isInstanceOf(BrokenImageException.class);
        assertThatThrownBy(() -> task.removeFrame("frames/1-before.png")).isInstanceOf(BrokenImageException.class);
        task.remove();
        assertThat(secret).exists();
    }
}
