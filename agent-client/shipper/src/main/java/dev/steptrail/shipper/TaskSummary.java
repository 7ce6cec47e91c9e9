package dev.steptrail.shipper;

import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.tracker.outbox.OutboxLine;
import dev.steptrail.tracker.outbox.OutboxTask;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A summary of a task's records.
 *
 * @param ended whether one of them, at any position, is {@code task_ended}
 * @param latest the latest timestamp; null if there are no records
 */
record TaskSummary(boolean ended, @Nullable Instant latest) {
    private static final int BYTES_AT_A_TIME = 64 * 1024;

    /** Reads the shipped part of a task. */
    static TaskSummary of(OutboxTask task) throws IOException {
        TaskSummary summary = new TaskSummary(false, null);
        long shipped = task.shipped();
        long position = 0;
        while (position < shipped) {
            List<OutboxLine> lines = task.linesFrom(position, BYTES_AT_A_TIME);
            if (lines.isEmpty() && !task.isWithinLongLine(position)) {
                break;
            }
            for (OutboxLine line : lines) {
                summary = summary.with(recordOf(task, line));
                position = line.end();
            }
        }
        return summary;
    }

    /** The record on a line; null if the line is not a record of this task, which was logged when it was shipped. */
    static @Nullable StepRecord recordOf(OutboxTask task, OutboxLine line) {
        if (line.tooLong()) {
            return null;
        }
        try {
            StepRecord record = RecordCodec.decode(line.json());
            return record.taskId().equals(task.id()) ? record : null;
        } catch (InvalidRecordException rejectedWhenShipped) {
            return null;
        }
    }

    private TaskSummary with(@Nullable StepRecord record) {
        if (record == null) {
            return this;
        }
        Instant time = record.timestamp();
        return new TaskSummary(
                ended || record instanceof TaskEnded, latest == null || time.isAfter(latest) ? time : latest);
    }
}
