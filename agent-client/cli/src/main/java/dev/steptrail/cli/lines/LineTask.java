package dev.steptrail.cli.lines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.internal.outbox.LossCounts;
import dev.steptrail.tracker.internal.outbox.LossReason;
import dev.steptrail.tracker.internal.outbox.OutboxFullException;
import dev.steptrail.tracker.internal.outbox.TaskRecorder;
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
 * Writes one task. A record that cannot be written is counted as lost, each reason is reported once, and writing
 * continues with the next record. Not thread-safe.
 */
final class LineTask {
    private final TaskRecorder recorder;
    private final LossCounts lost;
    private final Clock clock;
    private final Consumer<String> problems;
    private final LineFrames frames;
    private final Set<String> failures = new HashSet<>();
    private @Nullable TaskEnded end;
    private boolean endWritten;
    private int lastNumber;

    LineTask(TaskRecorder recorder, LossCounts lost, Clock clock, LineParser parser, Consumer<String> problems) {
        this.recorder = recorder;
        this.lost = lost;
        this.clock = clock;
        this.problems = problems;
        this.frames = new LineFrames(recorder, parser, problems, e -> {
            lost.addScreenshots(LossReason.fromWriteFailure(e), 1);
            unwritten("screenshots are being lost", e);
        });
    }

    UUID id() {
        return recorder.taskId();
    }

    /** The highest step number, including lost steps. */
    int lastNumber() {
        return lastNumber;
    }

    /** Whether the task has received its end, even if the end is not written yet. */
    boolean hasEnded() {
        return end != null;
    }

    /** @throws LineException if the task has another writer, or its start is too long */
    void start() throws LineException {
        try {
            recorder.start();
        } catch (FileAlreadyExistsException e) {
            throw new LineException("task_id: the outbox already contains a task with this id", false);
        } catch (IOException e) {
            unwritten("the task's start cannot be written yet", e);
        } catch (IllegalArgumentException tooLong) {
            closeFolder();
            throw new LineException(String.valueOf(tooLong.getMessage()), false);
        }
    }

    /** @throws LineException if the record is too long, and not a step or an end */
    void add(LineParser.Parsed line) throws LineException {
        if (line.record() instanceof Step step) {
            add(step, line);
        } else if (line.record() instanceof Losses reported) {
            add(reported);
        } else if (line.record() instanceof TaskEnded ended) {
            end(ended);
        }
    }

    private void add(Step step, LineParser.Parsed line) {
        int number = step.stepNumber();
        lastNumber = Math.max(lastNumber, number);
        try {
            recorder.requireSpaceForStep();
            recorder.add(withPictures(step, line));
        } catch (IllegalArgumentException tooLong) {
            lose(number, String.valueOf(tooLong.getMessage()));
        } catch (IOException e) {
            lost.addStep(LossReason.fromWriteFailure(e));
            unwritten("steps are being lost", e);
            if (e instanceof OutboxFullException) {
                writeLosses();
            }
        }
    }

    private Step withPictures(Step step, LineParser.Parsed line) {
        JsonNode pictures = line.pictures();
        if (pictures == null || pictures.isNull()) {
            return step;
        }
        frames.write(step.stepNumber(), pictures, line.json());
        try {
            return (Step) LineParser.record(line.json());
        } catch (InvalidRecordException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private void writeLosses() {
        try {
            recorder.writeLosses(false);
        } catch (IOException e) {
            unwritten("losses cannot be written yet", e);
        }
    }

    /** Counts a line that may have been a step as lost. The line uses up a step number. */
    void lose(String reason) {
        lastNumber++;
        lose(lastNumber, reason);
    }

    private void lose(int number, String reason) {
        lost.addStep(LossReason.INVALID);
        problems.accept("step " + number + " is lost: " + reason);
    }

    private void add(Losses reported) throws LineException {
        try {
            recorder.add(reported);
        } catch (IOException e) {
            unwritten("losses cannot be written yet", e);
        } catch (IllegalArgumentException tooLong) {
            throw new LineException(String.valueOf(tooLong.getMessage()), false);
        }
    }

    private void end(TaskEnded record) {
        end = record;
        try {
            writeEnd();
        } catch (IOException e) {
            unwritten("the task's end cannot be written yet", e);
        } catch (IllegalArgumentException tooLong) {
            problems.accept(
                    "the end of the task is written without its message and unknown fields: " + tooLong.getMessage());
            end(ended(record.status(), record.endReason(), null));
        }
    }

    /** Ends the task with this status if it has not ended, and tries a last time to write its end. */
    void close(TaskStatus status, EndReason endReason, String message) {
        if (!hasEnded()) {
            end(ended(status, endReason, message));
        }
        try {
            writeEnd();
        } catch (IOException | IllegalArgumentException e) {
            problems.accept("the end and the losses of task " + id() + " could not be written; the task will be shown"
                    + " as abandoned: " + e.getMessage());
        }
        closeFolder();
    }

    private void closeFolder() {
        try {
            recorder.close();
        } catch (IOException e) {
            problems.accept("task " + id() + " may be lost in a power failure: " + e.getMessage());
        }
    }

    private void writeEnd() throws IOException {
        if (end != null && !endWritten) {
            recorder.end(end);
            endWritten = true;
            recorder.close();
        }
    }

    private TaskEnded ended(TaskStatus status, @Nullable EndReason endReason, @Nullable String message) {
        return new TaskEnded(id(), clock.instant(), status, endReason, message, lastNumber, Map.of());
    }

    private void unwritten(String what, IOException e) {
        if (failures.add(what)) {
            problems.accept(what + ": " + (e.getMessage() == null ? e : e.getMessage()));
        }
    }
}
