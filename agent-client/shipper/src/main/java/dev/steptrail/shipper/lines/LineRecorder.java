package dev.steptrail.shipper.lines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.OutboxFullException;
import dev.steptrail.tracker.outbox.OutboxRoom;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records, each handed in as a line of JSON, into an outbox. What a line leaves out, or has wrong, is filled in or left
 * out; what cannot be kept is counted as lost in its task, and the next line gets its chance, whatever is broken. A frame
 * is a {@link LinePicture}. A line is written before the next is looked at. Not thread-safe.
 */
public final class LineRecorder implements Closeable {
    /** A line's own number beyond this is a mistake, and would leave none for the steps after it. */
    private static final int HIGHEST_NUMBER = 1_000_000_000;

    /** Names the fields that a line had wrong. */
    private static final String LEFT_OUT = "invalid_fields";

    private final Outbox outbox;
    private final OutboxRoom room;
    private final Consumer<String> told;
    private final Clock clock;
    private final Set<String> reasonsTold = new HashSet<>();
    private LineLosses lostBefore = new LineLosses();
    private @Nullable LineTask task;

    /**
     * @param maxBytes what the outbox may hold; beyond that pictures are dropped first, then steps
     * @param told told, in one line, of what is wrong with a line, and of each reason of a task to lose what is right
     */
    public LineRecorder(Outbox outbox, long maxBytes, Consumer<String> told) {
        this(outbox, maxBytes, told, Clock.systemUTC());
    }

    LineRecorder(Outbox outbox, long maxBytes, Consumer<String> told, Clock clock) {
        this.outbox = outbox;
        this.room = outbox.room(maxBytes);
        this.told = told;
        this.clock = clock;
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
    public LineLosses lost() {
        return task == null ? lostBefore : lostBefore.plus(task.losses);
    }

    /** Ends an open task as abandoned: whoever handed in the lines has gone. */
    @Override
    public void close() {
        leave(TaskStatus.ABANDONED, Ending.ABANDONED, "the input ended before the task did");
    }

    private void refuse(String reason, boolean step) {
        LineTask open = task;
        if (!step) {
            told.accept(reason);
        } else if (open == null || open.hasEnded()) {
            lostBefore.step(LineLosses.NO_TASK);
            told.accept(reason);
        } else {
            int number = open.lastNumber() + 1;
            open.take(number);
            lose(open, number, reason);
        }
    }

    private void lose(LineTask open, int number, String reason) {
        open.losses.step(LineLosses.INVALID);
        told.accept("step " + number + " is lost: " + reason);
    }

    private LineTask open(boolean forStep) throws LineException {
        if (task == null || task.hasEnded()) {
            throw new LineException("no task is open: begin with a record task_started", forStep);
        }
        return task;
    }

    private void start(ObjectNode json) throws LineException {
        UUID made = UuidV7.at(clock.instant());
        TaskStarted started = (TaskStarted) sifted(json, LineRecords.of("task_started", made, now()));
        LineTask next = new LineTask(outbox, room, started);
        try {
            next.start();
        } catch (FileAlreadyExistsException e) {
            throw new LineException("task_id: a task of this id is in the outbox already", false);
        } catch (IOException e) {
            unwritten("the task's start cannot be written yet", e);
        }
        leave(TaskStatus.CANCELLED, Ending.CANCELLED, "another task was started");
        reasonsTold.clear();
        task = next;
    }

    private void step(LineTask open, ObjectNode json) throws LineException {
        JsonNode pictures = json.remove("frames");
        if (json.path("step_number").asLong() > HIGHEST_NUMBER) {
            json.remove("step_number");
            told.accept("step_number: must be at most " + HIGHEST_NUMBER + ", so the next number is taken");
        }
        ObjectNode base = LineRecords.step(open.id(), now(), open.lastNumber() + 1);
        Step step = (Step) sifted(json, base);
        requireOf(open, step);
        open.take(step.stepNumber());
        LineFrames frames = new LineFrames(told, (reason, e) -> {
            open.losses.screenshot(reason);
            unwritten("screenshots are being lost", e);
        });
        try {
            open.add(target -> {
                if (pictures == null || pictures.isNull()) {
                    return step;
                }
                frames.write(target, step.stepNumber(), pictures, base);
                return (Step) record(base);
            });
        } catch (IllegalArgumentException tooLong) {
            lose(open, step.stepNumber(), String.valueOf(tooLong.getMessage()));
        } catch (IOException e) {
            open.losses.step(e instanceof OutboxFullException ? LineLosses.OUTBOX_FULL : LineLosses.OUTBOX_UNWRITABLE);
            unwritten("steps are being lost", e);
        }
    }

    private void losses(LineTask open, ObjectNode json) throws LineException {
        Losses losses = (Losses) sifted(json, LineRecords.of("losses", open.id(), now()));
        requireOf(open, losses);
        try {
            open.add(losses);
        } catch (IOException e) {
            unwritten("losses cannot be written yet", e);
        } catch (IllegalArgumentException tooLong) {
            throw new LineException(String.valueOf(tooLong.getMessage()), false);
        }
    }

    private void end(LineTask open, ObjectNode json) throws LineException {
        ObjectNode base = LineRecords.of("task_ended", open.id(), now()).put("last_step_number", open.lastNumber());
        // Nothing can stand in for it: how a task ended is what its report says first.
        base.set("status", json.path("status").isMissingNode() ? null : json.get("status"));
        TaskEnded ended = (TaskEnded) sifted(json, base);
        requireOf(open, ended);
        end(open, ended);
    }

    private void end(LineTask open, TaskEnded record) {
        try {
            open.end(record);
        } catch (IOException e) {
            unwritten("the task's end cannot be written yet", e);
        } catch (IllegalArgumentException tooLong) {
            told.accept("message: is left out: " + tooLong.getMessage());
            end(open, ended(open, record.status(), record.ending(), null));
        }
    }

    /** The last chance of an end that could not be written so far. */
    private void leave(TaskStatus status, Ending ending, String message) {
        LineTask left = task;
        if (left == null) {
            return;
        }
        if (!left.hasEnded()) {
            end(left, ended(left, status, ending, message));
        }
        try {
            left.writeEnd();
        } catch (IOException e) {
            told.accept("the end of task " + left.id() + " and what was lost of it could not be written, so the task"
                    + " will seem abandoned: " + e.getMessage());
        }
        try {
            left.close();
        } catch (IOException e) {
            told.accept("task " + left.id() + " may not survive a power cut: " + e.getMessage());
        }
        lostBefore = lostBefore.plus(left.losses);
        task = null;
    }

    private TaskEnded ended(LineTask of, TaskStatus status, @Nullable Ending ending, @Nullable String message) {
        return new TaskEnded(of.id(), now(), status, ending, message, of.lastNumber(), Map.of());
    }

    /** What the line says is right: each reason of a task is told once, and counted for the end. */
    private void unwritten(String what, IOException e) {
        if (reasonsTold.add(what)) {
            told.accept(what + ": " + (e.getMessage() == null ? e : e.getMessage()));
        }
    }

    /** Fills {@code base} with all that {@code json} has right. */
    private StepRecord sifted(ObjectNode json, ObjectNode base) throws LineException {
        boolean step = base.path("record").asText().equals("step");
        try {
            List<String> leftOut = new FieldSieve(LineJson::record, told).add(json, base);
            if (!leftOut.isEmpty()) {
                ArrayNode named = base.putArray(LEFT_OUT);
                leftOut.forEach(named::add);
            }
            return LineJson.record(base);
        } catch (InvalidRecordException e) {
            throw new LineException(String.valueOf(e.getMessage()), step);
        }
    }

    private static StepRecord record(ObjectNode json) {
        try {
            return LineJson.record(json);
        } catch (InvalidRecordException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** A step of another task leaves no gap in this one. */
    private void requireOf(LineTask open, StepRecord record) throws LineException {
        if (!record.taskId().equals(open.id())) {
            if (record instanceof Step) {
                lostBefore.step(LineLosses.NO_TASK);
            }
            throw new LineException("task_id: is not that of the open task, " + open.id(), false);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
