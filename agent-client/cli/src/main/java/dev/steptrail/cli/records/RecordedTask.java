package dev.steptrail.cli.records;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.tracker.internal.outbox.LossCounts;
import dev.steptrail.tracker.internal.outbox.LossReason;
import dev.steptrail.tracker.internal.outbox.OutboxFullException;
import dev.steptrail.tracker.internal.outbox.TaskRecorder;
import dev.steptrail.tracker.screenshot.ModelImages;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the records of one task. A record that cannot be written is counted as lost, and writing continues with the
 * next one. Each kind of write failure is reported once. Not thread-safe.
 */
final class RecordedTask {
    private final TaskRecorder recorder;
    private final LossCounts lost;
    private final Clock clock;
    private final Consumer<String> problems;
    private final FrameImporter frames;
    private final Set<String> reportedProblems = new HashSet<>();
    private @Nullable TaskEnded end;
    private boolean endWritten;
    private int lastNumber;

    RecordedTask(TaskRecorder recorder, LossCounts lost, Clock clock, RecordParser parser, Consumer<String> problems) {
        this.recorder = recorder;
        this.lost = lost;
        this.clock = clock;
        this.problems = problems;
        this.frames = new FrameImporter(recorder, parser, problems, e -> {
            lost.addScreenshots(LossReason.fromWriteFailure(e), 1);
            reportWriteFailure("screenshots are being lost", e);
        });
    }

    UUID id() {
        return recorder.taskId();
    }

    /** Returns the highest step number, including lost steps. */
    int lastNumber() {
        return lastNumber;
    }

    /** Returns whether task_ended was received, even if it is not written yet. */
    boolean hasEnded() {
        return end != null;
    }

    /** @throws InvalidInputException if the outbox already contains the task, or the start record is too long */
    void start() throws InvalidInputException {
        try {
            recorder.start();
        } catch (FileAlreadyExistsException e) {
            throw new InvalidInputException("task_id: the outbox already contains a task with this id", false);
        } catch (IOException e) {
            reportWriteFailure("the task's start cannot be written yet", e);
        } catch (IllegalArgumentException tooLong) {
            closeFolder();
            throw new InvalidInputException(String.valueOf(tooLong.getMessage()), false);
        }
    }

    /** @throws InvalidInputException if the record is too long and is neither a step nor task_ended */
    void add(RecordParser.Parsed line) throws InvalidInputException {
        if (line.record() instanceof Step step) {
            add(step, line);
        } else if (line.record() instanceof Losses reported) {
            add(reported);
        } else if (line.record() instanceof TaskEnded ended) {
            end(ended);
        }
    }

    private void add(Step step, RecordParser.Parsed line) {
        int number = step.stepNumber();
        lastNumber = Math.max(lastNumber, number);
        try {
            recorder.requireSpaceForStep();
            checkUsage(step.modelCall().usage());
            ModelImages images = new ModelImages();
            if (!recorder.add(withoutModelImages(withFrames(step, line, images), images))) {
                problems.accept("step " + number
                        + ": its largest values are omitted (invalid_fields), because the record" + " exceeds 16 MiB");
            }
        } catch (IllegalArgumentException tooLong) {
            recordLostStep(number, String.valueOf(tooLong.getMessage()));
        } catch (IOException e) {
            lost.addStep(LossReason.fromWriteFailure(e));
            reportWriteFailure("steps are being lost", e);
            if (e instanceof OutboxFullException) {
                writeLosses();
            }
        }
    }

    /** Reports, once per task, a usage with other names of its fields, such as {@code prompt_tokens}. */
    private void checkUsage(@Nullable Usage usage) {
        if (usage != null && !usage.hasCounts() && reportedProblems.add("usage")) {
            problems.accept("usage: no tokens are counted, because it has none of input_tokens, cached_tokens and"
                    + " output_tokens");
        }
    }

    private Step withFrames(Step step, RecordParser.Parsed line, ModelImages images) {
        JsonNode input = line.frames();
        if (input == null || input.isNull()) {
            return step;
        }
        frames.write(step.stepNumber(), input, line.json(), images);
        try {
            return (Step) RecordParser.decode(line.json());
        } catch (InvalidRecordException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    static Step withoutModelImages(Step step, ModelImages images) {
        ModelCall call = step.modelCall();
        if (call.input() == null && call.output() == null) {
            return step;
        }
        return step.withModelCall(
                new ModelCall(call.usage(), images.replaceIn(call.input()), images.replaceIn(call.output())));
    }

    private void writeLosses() {
        try {
            recorder.writeLosses(false);
        } catch (IOException e) {
            reportWriteFailure("losses cannot be written yet", e);
        }
    }

    /** Counts a line that may have been a step as lost. The line uses up a step number. */
    void recordLostLine(String reason) {
        lastNumber++;
        recordLostStep(lastNumber, reason);
    }

    private void recordLostStep(int number, String reason) {
        lost.addStep(LossReason.INVALID);
        problems.accept("step " + number + " is lost: " + reason);
    }

    private void add(Losses reported) throws InvalidInputException {
        try {
            recorder.add(reported);
        } catch (IOException e) {
            reportWriteFailure("losses cannot be written yet", e);
        } catch (IllegalArgumentException tooLong) {
            throw new InvalidInputException(String.valueOf(tooLong.getMessage()), false);
        }
    }

    private void end(TaskEnded record) {
        end = record;
        try {
            writeEnd();
        } catch (IOException e) {
            reportWriteFailure("the task's end cannot be written yet", e);
        } catch (IllegalArgumentException tooLong) {
            problems.accept("task_ended is written without its message and unknown fields: " + tooLong.getMessage());
            end(createEnd(record.status(), record.endReason(), null));
        }
    }

    /** Ends the task with this status unless it has ended, and retries to write the end if it is not written. */
    void close(TaskStatus status, EndReason endReason, String message) {
        if (!hasEnded()) {
            end(createEnd(status, endReason, message));
        }
        try {
            writeEnd();
        } catch (IOException | IllegalArgumentException e) {
            problems.accept("task_ended and the losses of task " + id()
                    + " could not be written; the task will be shown" + " as abandoned: " + e.getMessage());
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

    private TaskEnded createEnd(TaskStatus status, @Nullable EndReason endReason, @Nullable String message) {
        return new TaskEnded(id(), clock.instant(), status, endReason, message, lastNumber, List.of(), Map.of());
    }

    private void reportWriteFailure(String problem, IOException e) {
        if (reportedProblems.add(problem)) {
            problems.accept(problem + ": " + (e.getMessage() == null ? e : e.getMessage()));
        }
    }
}
