package dev.steptrail.cli.records;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.tracker.internal.outbox.LossCounts;
import dev.steptrail.tracker.internal.outbox.LossReason;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxQuota;
import dev.steptrail.tracker.internal.outbox.TaskRecorder;
import dev.steptrail.tracker.internal.outbox.VerdictRecorder;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON lines into an outbox as records. Missing fields get defaults, and invalid fields are omitted. A record
 * that cannot be written is counted as lost in its task, and recording continues with the next line. Each line is
 * written before the next is parsed. Not thread-safe.
 */
final class LineRecorder implements Closeable {
    /** Ticks in microseconds, the precision of times in records. */
    private final Clock clock = Clock.tick(Clock.systemUTC(), ChronoUnit.MICROS.getDuration());

    private final Outbox outbox;
    private final OutboxQuota quota;
    private final Consumer<String> problems;
    private final RecordParser parser;
    private final LossCounts lost = new LossCounts();
    private final VerdictRecorder verdicts;
    private @Nullable RecordedTask task;

    /**
     * Creates a recorder without an open task.
     *
     * @param maxBytes the size limit of the outbox; when it is reached, screenshots are dropped first, then steps
     * @param problems receives a message for each problem of a line and, once per task and reason, for valid records
     *     that are lost
     */
    LineRecorder(Outbox outbox, long maxBytes, Consumer<String> problems) {
        this.outbox = outbox;
        this.quota = outbox.quota(maxBytes);
        this.problems = problems;
        this.parser = new RecordParser(clock, problems);
        this.verdicts = new VerdictRecorder(outbox, quota, clock);
    }

    /**
     * Writes one line.
     *
     * @return the task that was started last; empty if there is none, or if the line is rejected
     */
    Optional<UUID> add(String line) {
        try {
            ObjectNode json = RecordParser.parseObject(line);
            String kind = json.path("record").asText();
            switch (kind) {
                case "task_started" -> start(parser.parseStart(json));
                case "step", "losses", "task_ended" -> {
                    RecordedTask open = requireOpenTask(kind.equals("step"));
                    RecordParser.Parsed parsed = parser.parse(json, open.id(), open.lastNumber());
                    requireSameTask(open, parsed.record());
                    open.add(parsed);
                }
                case "verdict" -> judge(json);
                default ->
                    throw new InvalidInputException(
                            RecordParser.withValue(
                                    "record: must be task_started, step, losses, task_ended or verdict", json),
                            true);
            }
            return Optional.ofNullable(task).map(RecordedTask::id);
        } catch (InvalidInputException e) {
            reject(String.valueOf(e.getMessage()), e.mayBeStep());
            return Optional.empty();
        }
    }

    /** Reports an unreadable line and counts it as a lost step, because it may have been a step. */
    void addUnreadable(String reason) {
        reject(reason, true);
    }

    /** Returns the losses of all tasks so far. */
    LossCounts lost() {
        return lost;
    }

    /** Ends the open task, if any, as abandoned. */
    @Override
    public void close() {
        closeTask(TaskStatus.ABANDONED, EndReason.ABANDONED, "the input ended before task_ended");
        try {
            verdicts.close();
        } catch (IOException e) {
            problems.accept("verdicts may be lost in a power failure: " + e.getMessage());
        }
    }

    private void reject(String reason, boolean mayBeStep) {
        if (!mayBeStep) {
            problems.accept(reason);
        } else if (task == null || task.hasEnded()) {
            lost.addStep(LossReason.NO_TASK);
            problems.accept(reason);
        } else {
            task.recordLostLine(reason);
        }
    }

    /** Writes a verdict on the task of the line, by default the task that was started last. */
    private void judge(ObjectNode json) throws InvalidInputException {
        Verdict verdict = parser.parseVerdict(json, task == null ? null : task.id());
        try {
            verdicts.add(verdict);
        } catch (IOException e) {
            problems.accept("the verdict is lost: " + (e.getMessage() == null ? e : e.getMessage()));
        } catch (IllegalArgumentException tooLong) {
            throw new InvalidInputException(String.valueOf(tooLong.getMessage()), false);
        }
    }

    private RecordedTask requireOpenTask(boolean isStep) throws InvalidInputException {
        if (task == null || task.hasEnded()) {
            throw new InvalidInputException("no task is open: write a task_started record first", isStep);
        }
        return task;
    }

    private void start(TaskStarted started) throws InvalidInputException {
        LossCounts taskLosses = new LossCounts(lost);
        TaskRecorder recorder = new TaskRecorder(outbox, quota, started, taskLosses, clock);
        RecordedTask next = new RecordedTask(recorder, taskLosses, clock, parser, problems);
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

    /** Requires that a record belongs to the open task. A step of another task is not a loss of the open task. */
    private void requireSameTask(RecordedTask open, StepRecord record) throws InvalidInputException {
        if (!record.taskId().equals(open.id())) {
            if (record instanceof Step) {
                lost.addStep(LossReason.NO_TASK);
            }
            throw new InvalidInputException("task_id: differs from that of the open task, " + open.id(), false);
        }
    }
}
