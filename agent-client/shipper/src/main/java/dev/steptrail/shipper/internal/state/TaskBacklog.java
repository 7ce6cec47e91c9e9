package dev.steptrail.shipper.internal.state;

import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.tracker.internal.outbox.FolderSize;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The part of a task, or of a folder of verdicts, that is not yet shipped.
 *
 * @param ofVerdicts whether the folder starts with a verdict, and thus contains only verdicts of other tasks
 * @param writerRunning whether the process of the writer is running
 * @param unshippedSteps the number of steps that SQS has not acknowledged
 * @param unshippedVerdicts the number of verdicts that SQS has not acknowledged
 * @param unshippedScreenshots the number of screenshots of these steps
 * @param unshippedBytes the bytes of {@code steps.jsonl} that are not shipped
 * @param bytes the size of the task's folder, screenshots included
 * @param oldestUnshipped the timestamp of the first unshipped step; null if there is none
 * @param lastWritten when the task was last written to
 */
public record TaskBacklog(
        UUID taskId,
        boolean ofVerdicts,
        boolean writerRunning,
        long unshippedSteps,
        long unshippedVerdicts,
        long unshippedScreenshots,
        long unshippedBytes,
        long bytes,
        @Nullable Instant oldestUnshipped,
        Instant lastWritten) {
    private static final int READ_BYTES = 64 * 1024;

    /** How many chunks of overlong lines, 8 MiB each, are skipped. Steps behind them are not counted. */
    private static final int MAX_SKIPPED_CHUNKS = 128;

    /**
     * Reads the unshipped lines of the task.
     *
     * @throws java.nio.file.NoSuchFileException if the folder is removed during the call
     */
    public static TaskBacklog read(OutboxTask task) throws IOException {
        Instant lastWritten = task.lastWritten();
        long shipped = task.shipped();
        long steps = 0;
        long verdicts = 0;
        long screenshots = 0;
        Instant oldest = null;
        long position = shipped;
        int skippedChunks = 0;
        List<OutboxLine> lines;
        do {
            lines = task.linesFrom(position, READ_BYTES);
            for (OutboxLine line : lines) {
                StepRecord record = parse(line);
                if (record instanceof Step step) {
                    steps++;
                    screenshots += step.frames().size();
                    oldest = oldest == null ? step.timestamp() : oldest;
                } else if (record instanceof Verdict) {
                    verdicts++;
                }
                position = line.end();
            }
        } while (!lines.isEmpty() || (task.isInsideOverlongLine(position) && ++skippedChunks < MAX_SKIPPED_CHUNKS));
        return new TaskBacklog(
                task.id(),
                startsWithVerdict(task),
                task.hasWriter(),
                steps,
                verdicts,
                screenshots,
                task.size() - shipped,
                FolderSize.measure(task.folder()),
                oldest,
                lastWritten);
    }

    /** Returns the timestamp of a task's first unshipped step; null if it is not within the next 64 KiB. */
    public static @Nullable Instant findOldestUnshipped(OutboxTask task) throws IOException {
        for (OutboxLine line : task.linesFrom(task.shipped(), READ_BYTES)) {
            if (parse(line) instanceof Step step) {
                return step.timestamp();
            }
        }
        return null;
    }

    private static boolean startsWithVerdict(OutboxTask task) throws IOException {
        List<OutboxLine> lines = task.linesFrom(0, READ_BYTES);
        return !lines.isEmpty() && parse(lines.get(0)) instanceof Verdict;
    }

    private static @Nullable StepRecord parse(OutboxLine line) {
        try {
            return line.tooLong() || line.isBlank() ? null : RecordCodec.decode(line.json());
        } catch (InvalidRecordException loggedWhenShipped) {
            return null;
        }
    }
}
