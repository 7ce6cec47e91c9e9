package dev.steptrail.shipper;

import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Removes the folders of finished tasks. Sends {@code task_ended} for tasks whose writer did not record it. A folder
 * that starts with a verdict contains verdicts of other tasks, and is finished when its writer has ended.
 */
final class TaskFinisher {
    /** A task is abandoned if it has no writer and was not written to for this long. */
    private static final Duration ABANDONED_AFTER = Duration.ofHours(6);

    private static final int READ_BYTES = 64 * 1024;

    private final StepQueue queue;
    private final ShipCounts counts;
    private final Clock clock;
    private final TaskFailures failures;

    TaskFinisher(StepQueue queue, ShipCounts counts, Clock clock, TaskFailures failures) {
        this.queue = queue;
        this.counts = counts;
        this.clock = clock;
        this.failures = failures;
    }

    /** Returns whether no more lines will be appended to the task. */
    boolean isOver(OutboxTask task) throws IOException {
        // The writer is checked last, because the check briefly acquires its lock.
        return (isIdle(task) || isComplete(task)) && !task.hasWriter();
    }

    /**
     * Removes the folder of a finished task. If the queue does not accept the task's end, only this task is blocked.
     *
     * @throws ShipException if nothing can be sent at all
     */
    void finish(TaskShipper shipper) throws IOException, ShipException {
        OutboxTask task = shipper.task();
        boolean idle = isIdle(task);
        boolean ended = isComplete(task);
        boolean complete = task.shipped() == task.size();
        if (!idle && !(ended && complete)) {
            return;
        }
        if (!ended && task.size() > 0 && !sendEndIfMissing(shipper)) {
            return;
        }
        if (!complete) {
            task.reject(task.readIncompleteLine(task.shipped()));
            counts.addRejected(task.id(), "the line is incomplete because its writer stopped");
        }
        boolean isTask = !startsWithVerdict(task);
        task.remove();
        if (isTask) {
            counts.tasks.increment();
        }
    }

    /**
     * Sends {@code task_ended} unless the task has one, or the folder contains only verdicts. Returns false if the
     * queue does not accept it now.
     *
     * <p>The record gets the latest timestamp of the task's records, so that a repetition after a crash sends the same
     * record. The last line's timestamp may be earlier, and a step after the end would set the task back to running.
     */
    private boolean sendEndIfMissing(TaskShipper shipper) throws IOException, ShipException {
        OutboxTask task = shipper.task();
        Instant latest = null;
        boolean hasVerdicts = false;
        long shipped = task.shipped();
        for (long position = 0; position < shipped; ) {
            List<OutboxLine> lines = task.linesFrom(position, READ_BYTES);
            if (lines.isEmpty() && !task.isInsideOverlongLine(position)) {
                break;
            }
            for (OutboxLine line : lines) {
                StepRecord record = parseRecord(task, line);
                if (record instanceof TaskEnded) {
                    return true;
                }
                if (record instanceof Verdict) {
                    hasVerdicts = true; // its time is not that of the task's events
                } else if (record != null
                        && (latest == null || record.timestamp().isAfter(latest))) {
                    latest = record.timestamp();
                }
                position = line.end();
            }
        }
        if (latest == null && hasVerdicts) {
            return true;
        }
        Instant time = latest == null ? task.lastWritten() : latest;
        String message = "the agent did not end the task";
        TaskEnded end = new TaskEnded(
                task.id(), time, TaskStatus.ABANDONED, EndReason.ABANDONED, message, null, List.of(), Map.of());
        StepQueue.SendResult result = queue.send(List.of(MessageCodec.encode(List.of(RecordCodec.encode(end)))))
                .get(0);
        if (result instanceof StepQueue.SendResult.Retryable retryable) {
            failures.block(shipper, retryable.reason());
            return false;
        } else if (result instanceof StepQueue.SendResult.Rejected rejected) {
            throw new IOException("the end of the task was " + rejected.reason());
        }
        counts.messages.increment();
        counts.records.increment();
        return true;
    }

    private boolean isIdle(OutboxTask task) throws IOException {
        return task.lastWritten().isBefore(clock.instant().minus(ABANDONED_AFTER));
    }

    /** Returns whether the last record ends the task, or all records may be verdicts. */
    private static boolean isComplete(OutboxTask task) throws IOException {
        Optional<OutboxLine> last = task.lastLine();
        StepRecord record = last.isPresent() ? parseRecord(task, last.get()) : null;
        return record instanceof TaskEnded || (record instanceof Verdict && startsWithVerdict(task));
    }

    static boolean startsWithVerdict(OutboxTask task) throws IOException {
        List<OutboxLine> lines = task.linesFrom(0, 1);
        return !lines.isEmpty() && parseRecord(task, lines.get(0)) instanceof Verdict;
    }

    /** Returns the record on a line; null if it is invalid or of another task. Shipping the line logs the error. */
    static @Nullable StepRecord parseRecord(OutboxTask task, OutboxLine line) {
        try {
            return Batch.parseRecord(task, line);
        } catch (UnsendableException rejectedWhenShipped) {
            return null;
        }
    }
}
