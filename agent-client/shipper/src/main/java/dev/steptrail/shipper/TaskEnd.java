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

/** How a task's folder ends: removed once all of it is shipped, with an end of the shipper's own if its writer left none. */
final class TaskEnd {
    /** A task whose writer is gone for so long will not go on. */
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

    /** Whether nothing comes any more after what is there now. */
    boolean isOver(OutboxTask task) throws IOException {
        // The writer's lock is the last thing to look at: whoever looks holds it for a moment.
        return (isIdle(task) || endsWithItsEnd(task)) && !task.hasWriter();
    }

    /**
     * Removes the folder of a task that is over and shipped. Where the queue does not take its end, that keeps the task alone.
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
     * Whether its end is told; the queue does not take it now where it is not.
     *
     * <p>The time is the writer's latest, not the clock's: told again after a crash, it is the same record. Nor is it that of the
     * last line: a step that is later than the end would show that the agent lives.
     */
    private boolean abandonUnlessEnded(TaskShipper shipper) throws IOException, ShipException {
        OutboxTask task = shipper.task();
        TaskSoFar soFar = TaskSoFar.of(task);
        if (soFar.ended()) {
            return true;
        }
        Instant time = soFar.latest() == null ? task.lastWritten() : soFar.latest();
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
        return last.isPresent() && TaskSoFar.recordOf(task, last.get()) instanceof TaskEnded;
    }
}
