package dev.steptrail.shipper.internal.state;

import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.tracker.internal.outbox.FolderSize;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What of a task waits in the outbox.
 *
 * @param writerAlive whether a writer lives that may add to it
 * @param unshippedSteps steps that SQS does not have yet, as far as is known here
 * @param unshippedScreenshots the pictures that these show
 * @param unshippedBytes the bytes of {@code steps.jsonl} that hold them
 * @param bytes what its folder takes, pictures included
 * @param oldestUnshipped when the first of these steps was taken; null if there is none
 * @param lastWritten when the writer last wrote
 */
public record TaskBacklog(
        UUID taskId,
        boolean writerAlive,
        long unshippedSteps,
        long unshippedScreenshots,
        long unshippedBytes,
        long bytes,
        @Nullable Instant oldestUnshipped,
        Instant lastWritten) {
    private static final int BYTES_AT_A_TIME = 64 * 1024;

    /** So many pieces, 1 GiB, of lines longer than any record are gone through; steps behind those are not counted. */
    private static final int MAX_PIECES = 128;

    /**
     * Reads all that waits of the task.
     *
     * @throws java.nio.file.NoSuchFileException if its folder went meanwhile
     */
    public static TaskBacklog of(OutboxTask task) throws IOException {
        Instant lastWritten = task.lastWritten();
        long shipped = task.shipped();
        long steps = 0;
        long screenshots = 0;
        Instant oldest = null;
        long position = shipped;
        int pieces = 0;
        List<OutboxLine> lines;
        do {
            lines = task.linesFrom(position, BYTES_AT_A_TIME);
            for (OutboxLine line : lines) {
                Step step = stepOn(line);
                steps += step == null ? 0 : 1;
                screenshots += step == null ? 0 : step.frames().size();
                oldest = step == null || oldest != null ? oldest : step.timestamp();
                position = line.end();
            }
        } while (!lines.isEmpty() || (task.isWithinLongLine(position) && ++pieces < MAX_PIECES));
        return new TaskBacklog(
                task.id(),
                task.hasWriter(),
                steps,
                screenshots,
                task.size() - shipped,
                FolderSize.of(task.folder()),
                oldest,
                lastWritten);
    }

    /** When the first unshipped step of a task was taken, found without reading the rest; null if it is not near. */
    public static @Nullable Instant oldestUnshipped(OutboxTask task) throws IOException {
        for (OutboxLine line : task.linesFrom(task.shipped(), BYTES_AT_A_TIME)) {
            Step step = stepOn(line);
            if (step != null) {
                return step.timestamp();
            }
        }
        return null;
    }

    private static @Nullable Step stepOn(OutboxLine line) {
        try {
            return !line.tooLong() && !line.isBlank() && RecordCodec.decode(line.json()) instanceof Step step
                    ? step
                    : null;
        } catch (InvalidRecordException toldWhenItIsShipped) {
            return null;
        }
    }
}
