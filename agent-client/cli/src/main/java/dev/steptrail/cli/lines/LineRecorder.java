package dev.steptrail.cli.lines;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.internal.outbox.LossCounts;
import dev.steptrail.tracker.internal.outbox.LossReason;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxQuota;
import dev.steptrail.tracker.internal.outbox.TaskRecorder;
import java.io.Closeable;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records, each a line of JSON, into an outbox. Missing fields get defaults, and invalid fields are omitted. A
 * record that cannot be written is counted as lost in its task, and recording continues with the next line. Each line
 * is written before the next is parsed. Not thread-safe.
 */
public final class LineRecorder implements Closeable {
    /** Ticks in microseconds, the precision of times in records. */
    private final Clock clock = Clock.tick(Clock.systemUTC(), ChronoUnit.MICROS.getDuration());

    private final Outbox outbox;
    private final OutboxQuota quota;
    private final Consumer<String> problems;
    private final LineParser parser;
    private final LossCounts lost = new LossCounts();
    private @Nullable LineTask task;

    /**
     * Creates a recorder without an open task.
     *
     * @param maxBytes the size limit of the outbox; beyond it pictures are dropped first, then steps
     * @param problems receives a line for each problem of an input line, and, once per task and reason, for lost valid
     *     records
     */
    public LineRecorder(Outbox outbox, long maxBytes, Consumer<String> problems) {
        this.outbox = outbox;
        this.quota = outbox.quota(maxBytes);
        this.problems = problems;
        this.parser = new LineParser(clock, problems);
    }

    /**
     * Writes one line.
     *
     * @return the task of the line; empty if the line is rejected
     */
    public Optional<UUID> add(String line) {
        try {
            ObjectNode json = LineParser.object(line);
            String kind = json.path("record").asText();
            switch (kind) {
                case "task_started" -> start(parser.started(json));
                case "step", "losses", "task_ended" -> {
                    LineTask open = open(kind.equals("step"));
                    LineParser.Parsed parsed = parser.parse(json, open.id(), open.lastNumber());
                    requireOpenTask(open, parsed.record());
                    open.add(parsed);
                }
                default -> throw new LineException("record: must be task_started, step, losses or task_ended", true);
            }
            return Optional.ofNullable(task).map(LineTask::id);
        } catch (LineException e) {
            refuse(String.valueOf(e.getMessage()), e.isStep());
            return Optional.empty();
        }
    }

    /** Counts a line that could not be read as a possible lost step. */
    public void addUnreadable(String reason) {
        refuse(reason, true);
    }

    /** The losses of all tasks so far. */
    public LossCounts lost() {
        return lost;
    }

    /** Ends the open task, if any, as abandoned. */
    @Override
    public void close() {
        closeTask(TaskStatus.ABANDONED, EndReason.ABANDONED, "the input ended before task_ended");
    }

    private void refuse(String reason, boolean step) {
        if (!step) {
            problems.accept(reason);
        } else if (task == null || task.hasEnded()) {
            lost.addStep(LossReason.NO_TASK);
            problems.accept(reason);
        } else {
            task.lose(reason);
        }
    }

    private LineTask open(boolean forStep) throws LineException {
        if (task == null || task.hasEnded()) {
            throw new LineException("no task is open: write a task_started record first", forStep);
        }
        return task;
    }

    private void start(TaskStarted started) throws LineException {
        LossCounts losses = new LossCounts(lost);
        TaskRecorder recorder = new TaskRecorder(outbox, quota, started, losses, clock);
        LineTask next = new LineTask(recorder, losses, clock, parser, problems);
        next.start();
        if (task != null && !task.hasEnded()) {
            problems.accept("task " + task.id() + " is ended as cancelled, because this line starts another task:"
                    + " write task_ended first");
        }
        closeTask(TaskStatus.CANCELLED, EndReason.CANCELLED, "another task was started");
        task = next;
    }

    private void closeTask(TaskStatus status, EndReason endReason, String message) {
        if (task != null) {
            task.close(status, endReason, message);
            task = null;
        }
    }

    /** Requires that a record belongs to the open task. A step of another task does not count as lost in this one. */
    private void requireOpenTask(LineTask open, StepRecord record) throws LineException {
        if (!record.taskId().equals(open.id())) {
            if (record instanceof Step) {
                lost.addStep(LossReason.NO_TASK);
            }
            throw new LineException("task_id: differs from that of the open task, " + open.id(), false);
        }
    }
}
