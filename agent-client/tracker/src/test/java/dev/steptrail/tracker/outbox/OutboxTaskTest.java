package dev.steptrail.tracker.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.tracker.Pngs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxTaskTest {
    private static final UUID TASK = UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad91");

    @TempDir
    Path outbox;

    private OutboxTask task;
    private Path steps;

    @BeforeEach
    void write() throws IOException {
        try (TaskWriter writer = Outbox.in(outbox).newTask(TASK)) {
            writer.append(new TaskRecords(TASK).started());
            writer.append(new TaskRecords(TASK)
                    .step(1, "one", writer.writeFrame(1, FrameRole.BEFORE, Pngs.ofSize(1, 1), false, null)));
        }
        task = Outbox.in(outbox).task(TASK).orElseThrow();
        steps = task.folder().resolve("steps.jsonl");
    }

    @Test
    void nothingIsShippedAtFirst() throws IOException {
        assertThat(task.shipped()).isZero();
        assertThat(task.linesFrom(0, 1_000_000)).hasSize(2);
    }

    @Test
    void remove_leavesWhatNoWriterPutsThere_butNoTask() throws IOException {
        Path theirs = Files.writeString(task.folder().resolve("notes.txt"), "mine");
        task.remove();

        assertThat(task.folder().toFile().list()).containsExactly("notes.txt");
        assertThat(theirs).hasContent("mine");
        assertThat(Outbox.in(outbox).tasks()).isEmpty();
    }

    @Test
    void whatIsAcknowledged_isRememberedByTheNextShipper() throws IOException {
        long first = task.linesFrom(0, 1).get(0).end();
        task.acknowledge(first);

        OutboxTask again = Outbox.in(outbox).task(TASK).orElseThrow();
        assertThat(again.shipped()).isEqualTo(first);
        assertThat(task.folder().resolve("shipped")).hasContent(first + "\n");
        assertThat(task.folder().resolve("shipped.tmp")).doesNotExist();
        assertThat(again.linesFrom(first, 1_000_000)).hasSize(1);
        task.acknowledge(task.size());
        assertThat(again.linesFrom(again.shipped(), 1_000_000)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "garbage", "-1", "0", "3", "1e3", "99999999", "99999999999999999999", "\u00e9"})
    void aCountThatCannotBeRight_isNone(String shipped) throws IOException {
        Files.writeString(task.folder().resolve("shipped"), shipped, UTF_8);

        assertThat(task.shipped()).isZero();
    }

    @Test
    void aCountThatIsNoText_isNone() throws IOException {
        Files.write(task.folder().resolve("shipped"), new byte[] {(byte) 0xFF, 0, 1});

        assertThat(task.shipped()).isZero();
    }

    @Test
    void aCountWithoutSteps_isNone() throws IOException {
        task.acknowledge(task.size());
        Files.delete(steps);

        assertThat(task.shipped()).isZero();
        assertThat(task.size()).isZero();
        assertThat(task.linesFrom(0, 1_000)).isEmpty();
        assertThat(task.lastLine()).isEmpty();
    }

    @Test
    void anUnfinishedLine_waitsForItsEnd() throws IOException {
        long size = task.size();
        String line = new String(RecordCodec.encode(new TaskRecords(TASK).ended()), UTF_8);
        Files.writeString(steps, line.substring(0, 20), APPEND);
        assertThat(task.linesFrom(size, 1_000_000)).isEmpty();
        assertThat(new String(task.unfinishedLine(size).json(), UTF_8)).isEqualTo(line.substring(0, 20));

        Files.writeString(steps, line.substring(20) + "\n", APPEND);
        assertThat(task.linesFrom(size, 1_000_000)).singleElement().satisfies(whole -> {
            assertThat(RecordCodec.decode(whole.json())).isEqualTo(new TaskRecords(TASK).ended());
            assertThat(whole.end()).isEqualTo(task.size());
        });
    }

    @Test
    void aBlankLine_isToldAsSuch() throws IOException {
        long size = task.size();
        Files.writeString(steps, "\n \t\r\nx\n", APPEND);

        assertThat(task.linesFrom(size, 1_000_000))
                .extracting(OutboxLine::isBlank)
                .containsExactly(true, true, false);
    }

    @Test
    void lines_stopBeforeTheOneThatWouldBeTooMuch_butForTheFirst() throws IOException {
        Files.writeString(steps, "aaaa\nbbbb\ncccc\n");

        assertThat(texts(task.linesFrom(0, 10))).containsExactly("aaaa", "bbbb");
        assertThat(texts(task.linesFrom(0, 9))).containsExactly("aaaa");
        assertThat(texts(task.linesFrom(0, 1))).containsExactly("aaaa");
        assertThat(texts(task.linesFrom(10, 100))).containsExactly("cccc");
    }

    @Test
    void aLineAsLongAsARecordMayBe_isWhole_andALongerOneIsNot() throws IOException {
        String longest = "x".repeat(OutboxLine.MAX_BYTES);
        Files.writeString(steps, longest + "\n" + longest + "y\nend\n");

        OutboxLine first = task.linesFrom(0, 1).get(0);
        assertThat(first.tooLong()).isFalse();
        assertThat(text(first)).isEqualTo(longest);
        OutboxLine second = linesThere(first.end()).get(0);
        assertThat(second.tooLong()).isTrue();
        assertThat(text(second)).isEqualTo("x".repeat(64 * 1024));
        assertThat(texts(task.linesFrom(second.end(), 100))).containsExactly("end");
        // What was gone through once is known.
        assertThat(task.linesFrom(first.end(), 1)).hasSize(1);
    }

    @Test
    void aLineWithoutEnd_isGoneThroughInPieces_asFarAsItIsWritten() throws IOException {
        Files.writeString(steps, "{");
        lengthen(100_000_000);
        for (int piece = 0; piece < 10; piece++) { // of 8 MiB, behind the first 16
            assertThat(task.linesFrom(0, 1)).isEmpty();
            assertThat(task.isWithinLongLine(0)).isEqualTo(piece < 9);
        }
        assertThat(task.linesFrom(0, 1)).isEmpty();
        assertThat(task.isWithinLongLine(0)).isFalse();
        assertThat(task.unfinishedLine(0).json()).hasSize(64 * 1024);

        Files.writeString(steps, "}\nend\n", APPEND);
        assertThat(task.isWithinLongLine(0)).isTrue();
        OutboxLine line = task.linesFrom(0, 1).get(0);
        assertThat(line.tooLong()).isTrue();
        assertThat(line.isBlank()).isFalse();
        assertThat(line.end()).isEqualTo(100_000_002);
        assertThat(texts(task.linesFrom(line.end(), 100))).containsExactly("end");
    }

    @Test
    void aLongLineThatWasTakenBack_isForgotten() throws IOException {
        lengthen(20_000_000);
        assertThat(linesThere(0)).hasSize(2);
        long end = task.linesFrom(0, 1_000_000).get(1).end();
        assertThat(linesThere(end)).isEmpty();
        assertThat(task.isWithinLongLine(end)).isFalse();

        lengthen(end);
        Files.writeString(steps, "short\n", APPEND);
        assertThat(texts(linesThere(end))).containsExactly("short");
    }

    private void lengthen(long bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(steps.toFile(), "rw")) {
            file.setLength(bytes);
        }
    }

    /** What a patient reader finds. */
    private List<OutboxLine> linesThere(long offset) throws IOException {
        List<OutboxLine> lines = task.linesFrom(offset, 1_000_000);
        while (lines.isEmpty() && task.isWithinLongLine(offset)) {
            lines = task.linesFrom(offset, 1_000_000);
        }
        return lines;
    }

    @Test
    void theLastLine_isTheLastThatIsWholeAndNotBlank() throws IOException {
        Files.writeString(steps, "\n\nthe end\n\n \nbegun", APPEND);
        assertThat(task.lastLine().map(OutboxTaskTest::text)).contains("the end");

        Files.writeString(steps, "\n" + "x".repeat(100_000) + "\n", APPEND);
        assertThat(task.lastLine().map(OutboxTaskTest::text)).contains("x".repeat(100_000));

        Files.writeString(steps, "y".repeat(2_000_000) + "\n", APPEND);
        assertThat(task.lastLine()).isEmpty();
    }

    @Test
    void aRejectedLine_isKeptWhenTheFolderGoes() throws IOException {
        task.reject(new OutboxLine("no record".getBytes(UTF_8), 10));
        task.reject(new OutboxLine("nor this".getBytes(UTF_8), 20));
        assertThat(task.folder().resolve("rejected.jsonl")).hasContent("no record\nnor this\n");

        task.remove();

        assertThat(task.folder()).doesNotExist();
        assertThat(outbox.resolve("rejected/" + TASK + ".jsonl")).hasContent("no record\nnor this\n");
        assertThat(Outbox.in(outbox).tasks()).isEmpty();
    }

    @Test
    void rejectedLinesOfAnEarlierFolder_areKept() throws IOException {
        task.reject(new OutboxLine("first".getBytes(UTF_8), 10));
        task.remove();
        Outbox.in(outbox).newTask(TASK).close();
        task.reject(new OutboxLine("second".getBytes(UTF_8), 10));
        task.remove();

        assertThat(outbox.resolve("rejected/" + TASK + ".jsonl")).hasContent("first\nsecond\n");
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
    void aFrameOutsideItsFolder_isRefused(String name) {
        assertThatThrownBy(() -> task.readFrame(name)).isInstanceOf(BrokenImageException.class);
        assertThatThrownBy(() -> task.removeFrame(name)).isInstanceOf(BrokenImageException.class);
        assertThat(steps).exists();
    }

    @Test
    void aLinkInThePlaceOfAFrame_isNotFollowed() throws IOException {
        Path secret = Files.write(outbox.resolve("secret.png"), Pngs.ofSize(1, 1));
        Files.createSymbolicLink(task.folder().resolve("frames/2-before.png"), secret);

        assertThatThrownBy(() -> task.readFrame("frames/2-before.png")).isInstanceOf(BrokenImageException.class);
        task.removeFrame("frames/2-before.png");
        assertThat(secret).exists();
    }

    @Test
    void aLinkInThePlaceOfTheFramesFolder_isNotFollowed() throws IOException {
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

    private static List<String> texts(List<OutboxLine> lines) {
        return lines.stream().map(OutboxTaskTest::text).toList();
    }

    private static String text(OutboxLine line) {
        return new String(line.json(), UTF_8);
    }
}
