package dev.steptrail.tracker.internal.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.TaskRecords;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTaskLinesTest extends WrittenTaskFixture {
    @Test
    void anIncompleteLine_isReturnedOnceComplete() throws IOException {
        long size = task.size();
        String line = new String(RecordCodec.encode(new TaskRecords(TASK).ended()), UTF_8);
        Files.writeString(steps, line.substring(0, 20), APPEND);
        assertThat(task.linesFrom(size, 1_000_000)).isEmpty();
        assertThat(new String(task.readIncompleteLine(size).json(), UTF_8)).isEqualTo(line.substring(0, 20));

        Files.writeString(steps, line.substring(20) + "\n", APPEND);
        assertThat(task.linesFrom(size, 1_000_000)).singleElement().satisfies(whole -> {
            assertThat(RecordCodec.decode(whole.json())).isEqualTo(new TaskRecords(TASK).ended());
            assertThat(whole.end()).isEqualTo(task.size());
        });
    }

    @Test
    void aBlankLine_isMarkedAsBlank() throws IOException {
        long size = task.size();
        Files.writeString(steps, "\n \t\r\nx\n", APPEND);

        assertThat(task.linesFrom(size, 1_000_000))
                .extracting(OutboxLine::isBlank)
                .containsExactly(true, true, false);
    }

    @Test
    void lines_fitIntoTheLimit_exceptForTheFirst() throws IOException {
        Files.writeString(steps, "aaaa\nbbbb\ncccc\n");

        assertThat(texts(task.linesFrom(0, 10))).containsExactly("aaaa", "bbbb");
        assertThat(texts(task.linesFrom(0, 9))).containsExactly("aaaa");
        assertThat(texts(task.linesFrom(0, 1))).containsExactly("aaaa");
        assertThat(texts(task.linesFrom(10, 100))).containsExactly("cccc");
    }

    @Test
    void aLineOfMaximumSize_isComplete_andALongerOneIsNot() throws IOException {
        String longest = "x".repeat(OutboxLine.MAX_BYTES);
        Files.writeString(steps, longest + "\n" + longest + "y\nend\n");

        OutboxLine first = task.linesFrom(0, 1).get(0);
        assertThat(first.tooLong()).isFalse();
        assertThat(text(first)).isEqualTo(longest);
        OutboxLine second = scannedLines(first.end()).get(0);
        assertThat(second.tooLong()).isTrue();
        assertThat(text(second)).isEqualTo("x".repeat(64 * 1024));
        assertThat(texts(task.linesFrom(second.end(), 100))).containsExactly("end");
        // The result of the scan is stored.
        assertThat(task.linesFrom(first.end(), 1)).hasSize(1);
    }

    @Test
    void anIncompleteOversizedLine_isScannedInChunks() throws IOException {
        Files.writeString(steps, "{");
        lengthen(100_000_000);
        for (int chunk = 0; chunk < 10; chunk++) { // of 8 MiB, after the first 16 MiB
            assertThat(task.linesFrom(0, 1)).isEmpty();
            assertThat(task.isInsideOverlongLine(0)).isEqualTo(chunk < 9);
        }
        assertThat(task.linesFrom(0, 1)).isEmpty();
        assertThat(task.isInsideOverlongLine(0)).isFalse();
        assertThat(task.readIncompleteLine(0).json()).hasSize(64 * 1024);

        Files.writeString(steps, "}\nend\n", APPEND);
        assertThat(task.isInsideOverlongLine(0)).isTrue();
        OutboxLine line = task.linesFrom(0, 1).get(0);
        assertThat(line.tooLong()).isTrue();
        assertThat(line.isBlank()).isFalse();
        assertThat(line.end()).isEqualTo(100_000_002);
        assertThat(texts(task.linesFrom(line.end(), 100))).containsExactly("end");
    }

    @Test
    void aTruncatedOversizedLine_isForgotten() throws IOException {
        lengthen(20_000_000);
        assertThat(scannedLines(0)).hasSize(2);
        long end = task.linesFrom(0, 1_000_000).get(1).end();
        assertThat(scannedLines(end)).isEmpty();
        assertThat(task.isInsideOverlongLine(end)).isFalse();

        lengthen(end);
        Files.writeString(steps, "short\n", APPEND);
        assertThat(texts(scannedLines(end))).containsExactly("short");
    }

    @Test
    void lastLine_isTheLastCompleteLineThatIsNotBlank() throws IOException {
        Files.writeString(steps, "\n\nthe end\n\n \nincomplete", APPEND);
        assertThat(task.lastLine().map(OutboxTaskLinesTest::text)).contains("the end");

        Files.writeString(steps, "\n" + "x".repeat(100_000) + "\n", APPEND);
        assertThat(task.lastLine().map(OutboxTaskLinesTest::text)).contains("x".repeat(100_000));

        Files.writeString(steps, "y".repeat(2_000_000) + "\n", APPEND);
        assertThat(task.lastLine()).isEmpty();
    }

    private void lengthen(long bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(steps.toFile(), "rw")) {
            file.setLength(bytes);
        }
    }

    /** Returns the lines after scanning oversized lines completely. */
    private List<OutboxLine> scannedLines(long offset) throws IOException {
        List<OutboxLine> lines = task.linesFrom(offset, 1_000_000);
        while (lines.isEmpty() && task.isInsideOverlongLine(offset)) {
            lines = task.linesFrom(offset, 1_000_000);
        }
        return lines;
    }

    private static List<String> texts(List<OutboxLine> lines) {
        return lines.stream().map(OutboxTaskLinesTest::text).toList();
    }

    private static String text(OutboxLine line) {
        return new String(line.json(), UTF_8);
    }
}
