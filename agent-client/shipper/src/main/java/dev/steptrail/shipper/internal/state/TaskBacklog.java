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
 * The part of a task that is not yet shipped.
 *
 * @param writerAlive whether a live writer has the task open
 * @param unshippedSteps steps that SQS has not acknowledged
 * @param unshippedScreenshots the screenshots of these steps
 * @param unshippedBytes the bytes of {@code steps.jsonl} that are not shipped
 * @param bytes the size of the task's folder, screenshots included
 * @param oldestUnshipped the timestamp of the first unshipped step; null if there is none
 * @param lastWritten when the task was last written to
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

    /** The limit for skipping overlong lines, in pieces: 1 GiB in all. Steps behind it are not counted. */
    private static final int MAX_PIECES = 128;

    /**
     * Reads the unshipped lines of the task.
     *
     * @throws java.nio.file.NoSuchFileException if the folder is removed during the call
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

    /** The timestamp of a task's first unshipped step; null if it is not within the next 64 KiB. */
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
        } catch (InvalidRecordException loggedWhenShipped) {
            return null;
        }
    }
}
