package dev.steptrail.cli.lines;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.outbox.LossCounts;
import dev.steptrail.tracker.outbox.LossReason;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.OutboxFullException;
import dev.steptrail.tracker.outbox.OutboxQuota;
import dev.steptrail.tracker.outbox.TaskRecorder;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The course of one task: whatever of it cannot be written is counted as lost, each reason for that is told once, and what
 * comes next gets its chance. Not thread-safe.
 */
final class LineTask {
    private final TaskStarted started;
    private final Clock clock;
    private final Consumer<String> told;
    private final Set<String> reasonsTold = new HashSet<>();
    private final LossCounts lost;
    private final TaskRecorder recorder;
    private @Nullable TaskEnded end;
    private boolean endWritten;
    private int lastNumber;

    LineTask(
            Outbox outbox,
            OutboxQuota quota,
            TaskStarted started,
            LossCounts lost,
            Clock clock,
            Consumer<String> told) {
        this.started = started;
        this.lost = lost;
        this.clock = clock;
        this.told = told;
        this.recorder = new TaskRecorder(outbox, quota, started, lost, clock);
    }

    UUID id() {
        return started.taskId();
    }

    /** The highest number that a step has, whether it was kept or not. */
    int lastNumber() {
        return lastNumber;
    }

    /** Whether it has ended, so that it takes no more, written or not. */
    boolean hasEnded() {
        return end != null;
    }

    /** @throws LineException if the task is somebody else's, or no reader would take its start */
    void start() throws LineException {
        try {
            recorder.start();
        } catch (FileAlreadyExistsException e) {
            throw new LineException("task_id: a task of this id is in the outbox already", false);
        } catch (IOException e) {
            unwritten("the task's start cannot be written yet", e);
        } catch (IllegalArgumentException tooLong) {
            closeFolder();
            throw new LineException(String.valueOf(tooLong.getMessage()), false);
        }
    }

    void add(LineStep line) {
        int number = line.step().stepNumber();
        lastNumber = Math.max(lastNumber, number);
        LineFrames frames = new LineFrames(told, (reason, e) -> {
            lost.addScreenshots(reason, 1);
            unwritten("screenshots are being lost", e);
        });
        try {
            recorder.requireRoomForStep();
            recorder.add(line.written(frames, recorder));
        } catch (IllegalArgumentException tooLong) {
            lose(number, String.valueOf(tooLong.getMessage()));
        } catch (OutboxFullException e) {
            lost.addStep(LossReason.OUTBOX_FULL);
            unwritten("steps are being lost", e);
            tellLosses();
        } catch (IOException e) {
            lost.addStep(LossReason.OUTBOX_UNWRITABLE);
            unwritten("steps are being lost", e);
        }
    }

    private void tellLosses() {
        try {
            recorder.writeLosses(false);
        } catch (IOException e) {
            unwritten("losses cannot be written yet", e);
        }
    }

    /** A line that is a step, for all that is known, cannot be taken for one: it takes a number all the same. */
    void lose(String reason) {
        lastNumber++;
        lose(lastNumber, reason);
    }

    private void lose(int number, String reason) {
        lost.addStep(LossReason.INVALID);
        told.accept("step " + number + " is lost: " + reason);
    }

    /**
     * Adds what the agent itself lost to what is lost here: of a task the highest total is the truth.
     *
     * @throws LineException if no reader would take the record
     */
    void add(Losses record) throws LineException {
        try {
            recorder.add(record);
        } catch (IOException e) {
            unwritten("losses cannot be written yet", e);
        } catch (IllegalArgumentException tooLong) {
            throw new LineException(String.valueOf(tooLong.getMessage()), false);
        }
    }

    void end(TaskEnded record) {
        end = record;
        try {
            writeEnd();
        } catch (IOException e) {
            unwritten("the task's end cannot be written yet", e);
        } catch (IllegalArgumentException tooLong) {
            told.accept("the task's end: is kept without its message and unknown fields: " + tooLong.getMessage());
            end(ended(record.status(), record.ending(), null));
        }
    }

    /** Nothing comes any more: ends it so if it has not ended, and is the last chance of an end that is not written yet. */
    void leave(TaskStatus status, Ending ending, String message) {
        if (!hasEnded()) {
            end(ended(status, ending, message));
        }
        try {
            writeEnd();
        } catch (IOException | IllegalArgumentException e) {
            told.accept("the end of task " + id() + " and what was lost of it could not be written, so the task"
                    + " will seem abandoned: " + e.getMessage());
        }
        closeFolder();
    }

    private void closeFolder() {
        try {
            recorder.close();
        } catch (IOException e) {
            told.accept("task " + id() + " may not survive a power cut: " + e.getMessage());
        }
    }

    private void writeEnd() throws IOException {
        TaskEnded record = end;
        if (record != null && !endWritten) {
            recorder.end(record);
            endWritten = true;
            recorder.close();
        }
    }

    private TaskEnded ended(TaskStatus status, @Nullable Ending ending, @Nullable String message) {
        return new TaskEnded(id(), clock.instant(), status, ending, message, lastNumber, Map.of());
    }

    private void unwritten(String what, IOException e) {
        if (reasonsTold.add(what)) {
            told.accept(what + ": " + (e.getMessage() == null ? e : e.getMessage()));
        }
    }
}
