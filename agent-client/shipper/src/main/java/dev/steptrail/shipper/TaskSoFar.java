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
 * What the records of a task say together.
 *
 * @param ended whether one of them, not only the last, ends the task
 * @param latest the greatest of their times; null if there are none
 */
record TaskSoFar(boolean ended, @Nullable Instant latest) {
    private static final int BYTES_AT_A_TIME = 64 * 1024;

    /** Reads all that is shipped of the task. */
    static TaskSoFar of(OutboxTask task) throws IOException {
        TaskSoFar soFar = new TaskSoFar(false, null);
        long shipped = task.shipped();
        long position = 0;
        while (position < shipped) {
            List<OutboxLine> lines = task.linesFrom(position, BYTES_AT_A_TIME);
            if (lines.isEmpty() && !task.isWithinLongLine(position)) {
                break;
            }
            for (OutboxLine line : lines) {
                soFar = soFar.with(recordOf(task, line));
                position = line.end();
            }
        }
        return soFar;
    }

    /** The record on a line of the task; null if it is none of it, as it was told when the line was shipped. */
    static @Nullable StepRecord recordOf(OutboxTask task, OutboxLine line) {
        if (line.tooLong()) {
            return null;
        }
        try {
            StepRecord record = RecordCodec.decode(line.json());
            return record.taskId().equals(task.id()) ? record : null;
        } catch (InvalidRecordException rejectedWhenItWasShipped) {
            return null;
        }
    }

    private TaskSoFar with(@Nullable StepRecord record) {
        if (record == null) {
            return this;
        }
        Instant time = record.timestamp();
        return new TaskSoFar(
                ended || record instanceof TaskEnded, latest == null || time.isAfter(latest) ? time : latest);
    }
}
