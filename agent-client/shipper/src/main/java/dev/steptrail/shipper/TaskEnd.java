package dev.steptrail.shipper;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.outbox.OutboxLine;
import dev.steptrail.tracker.outbox.OutboxTask;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Removes the folder of a task that is over and shipped, and sends {@code task_ended} for a task whose writer did not. */
final class TaskEnd {
    /** A task without a writer for this long counts as abandoned. */
    private static final Duration ABANDONED_AFTER = Duration.ofHours(6);

    private final StepQueue queue;
    private final ShipCounts counts;
    private final Clock clock;
    private final TaskFailures failures;

    TaskEnd(StepQueue queue, ShipCounts counts, Clock clock, TaskFailures failures) {
        this.queue = queue;
        this.counts = counts;
        this.clock = clock;
        this.failures = failures;
    }

    /** Whether nothing will be appended to the task any more. */
    boolean isOver(OutboxTask task) throws IOException {
        // Checking the writer's lock takes it for a moment, so it comes last.
        return (isIdle(task) || endsWithItsEnd(task)) && !task.hasWriter();
    }

    /**
     * Removes the folder of a task that is over and shipped. A queue that does not accept its end blocks this task alone.
     *
     * @throws ShipException if nothing can be sent at all
     */
    void finish(TaskShipper shipper) throws IOException, ShipException {
        OutboxTask task = shipper.task();
        boolean idle = isIdle(task);
        boolean ended = endsWithItsEnd(task);
        boolean whole = task.shipped() == task.size();
        if (!idle && !(ended && whole)) {
            return;
        }
        if (!ended && task.size() > 0 && !abandonUnlessEnded(shipper)) {
            return;
        }
        if (!whole) {
            task.reject(task.unfinishedLine(task.shipped()));
            counts.rejected(task.id(), "its writer died within it");
        }
        task.remove();
        counts.taskDelivered();
    }

    /**
     * Sends {@code task_ended} unless there is one; returns false if the queue does not accept it now.
     *
     * <p>Its timestamp is the latest of the task's records and not the current time, so that sending it again after a crash sends
     * the same record. It is not that of the last line, because a step later than the end would look like an agent that goes on.
     */
    private boolean abandonUnlessEnded(TaskShipper shipper) throws IOException, ShipException {
        OutboxTask task = shipper.task();
        TaskSummary summary = TaskSummary.of(task);
        if (summary.ended()) {
            return true;
        }
        Instant time = summary.latest() == null ? task.lastWritten() : summary.latest();
        TaskEnded record = new TaskEnded(
                task.id(), time, TaskStatus.ABANDONED, Ending.ABANDONED, "the agent went away", null, Map.of());
        StepQueue.Answer answer = queue.send(List.of(MessageCodec.encode(List.of(RecordCodec.encode(record)))))
                .get(0);
        if (answer instanceof StepQueue.Answer.Later later) {
            failures.block(shipper, later.reason());
            return false;
        } else if (answer instanceof StepQueue.Answer.Refused refused) {
            throw new IOException("its end is " + refused.reason());
        }
        counts.sent(1, 0);
        return true;
    }

    private boolean isIdle(OutboxTask task) throws IOException {
        return task.lastWritten().isBefore(clock.instant().minus(ABANDONED_AFTER));
    }

    private static boolean endsWithItsEnd(OutboxTask task) throws IOException {
        Optional<OutboxLine> last = task.lastLine();
        return last.isPresent() && TaskSummary.recordOf(task, last.get()) instanceof TaskEnded;
    }
}
