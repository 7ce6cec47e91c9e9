package dev.steptrail.cli.lines;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.outbox.LossCounts;
import dev.steptrail.tracker.outbox.LossReason;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.OutboxQuota;
import java.io.Closeable;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records, each handed in as a line of JSON, into an outbox. What a line leaves out, or has wrong, is filled in or left
 * out; what cannot be kept is counted as lost in its task, and the next line gets its chance, whatever is broken. A frame
 * is a {@link LinePicture}. A line is written before the next is looked at. Not thread-safe.
 */
public final class LineRecorder implements Closeable {
    /** Records cut finer times than these. */
    private static final Duration TICK = Duration.of(1, ChronoUnit.MICROS);

    private final Outbox outbox;
    private final OutboxQuota quota;
    private final Consumer<String> told;
    private final Clock clock;
    private final LineParser parser;
    private final LossCounts lost = new LossCounts();
    private @Nullable LineTask task;

    /**
     * @param maxBytes what the outbox may hold; beyond that pictures are dropped first, then steps
     * @param told told, in one line, of what is wrong with a line, and of each reason of a task to lose what is right
     */
    public LineRecorder(Outbox outbox, long maxBytes, Consumer<String> told) {
        this.outbox = outbox;
        this.quota = outbox.quota(maxBytes);
        this.told = told;
        this.clock = Clock.tick(Clock.systemUTC(), TICK);
        this.parser = new LineParser(clock, told);
    }

    /**
     * Writes one line.
     *
     * @return the task to which it belongs; empty if it is refused
     */
    public Optional<UUID> add(String line) {
        try {
            ObjectNode json = LineJson.object(line);
            switch (json.path("record").asText()) {
                case "task_started" -> start(json);
                case "step" -> step(open(true), json);
                case "losses" -> losses(open(false), json);
                case "task_ended" -> end(open(false), json);
                default -> throw new LineException("record: must be task_started, step, losses or task_ended");
            }
            return Optional.ofNullable(task).map(LineTask::id);
        } catch (LineException e) {
            refuse(String.valueOf(e.getMessage()), e.isStep());
            return Optional.empty();
        }
    }

    /** A line could not even be read: a step is lost, for all that is known. */
    public void addUnreadable(String reason) {
        refuse(reason, true);
    }

    /** All that was lost so far, of all tasks. */
    public LossCounts lost() {
        return lost;
    }

    /** Ends an open task as abandoned: whoever handed in the lines has gone. */
    @Override
    public void close() {
        leave(TaskStatus.ABANDONED, Ending.ABANDONED, "the input ended before the task did");
    }

    private void refuse(String reason, boolean step) {
        if (!step) {
            told.accept(reason);
        } else if (task == null || task.hasEnded()) {
            lost.addStep(LossReason.NO_TASK);
            told.accept(reason);
        } else {
            task.lose(reason);
        }
    }

    private LineTask open(boolean forStep) throws LineException {
        if (task == null || task.hasEnded()) {
            throw new LineException("no task is open: begin with a record task_started", forStep);
        }
        return task;
    }

    private void start(ObjectNode json) throws LineException {
        LineTask next = new LineTask(outbox, quota, parser.started(json), new LossCounts(lost), clock, told);
        next.start();
        leave(TaskStatus.CANCELLED, Ending.CANCELLED, "another task was started");
        task = next;
    }

    private void step(LineTask open, ObjectNode json) throws LineException {
        LineStep step = parser.step(json, open.id(), open.lastNumber() + 1);
        requireOf(open, step.step());
        open.add(step);
    }

    private void losses(LineTask open, ObjectNode json) throws LineException {
        Losses losses = parser.losses(json, open.id());
        requireOf(open, losses);
        open.add(losses);
    }

    private void end(LineTask open, ObjectNode json) throws LineException {
        TaskEnded ended = parser.ended(json, open.id(), open.lastNumber());
        requireOf(open, ended);
        open.end(ended);
    }

    private void leave(TaskStatus status, Ending ending, String message) {
        LineTask left = task;
        if (left != null) {
            left.leave(status, ending, message);
            task = null;
        }
    }

    /** A step of another task leaves no gap in this one. */
    private void requireOf(LineTask open, StepRecord record) throws LineException {
        if (!record.taskId().equals(open.id())) {
            if (record instanceof Step) {
                lost.addStep(LossReason.NO_TASK);
            }
            throw new LineException("task_id: is not that of the open task, " + open.id(), false);
        }
    }
}
