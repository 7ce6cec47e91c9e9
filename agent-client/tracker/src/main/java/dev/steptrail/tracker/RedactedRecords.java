package dev.steptrail.tracker;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes the records of a task with their texts redacted. */
final class RedactedRecords {
    /** Names the fields that are left out because it could not be decided what of them must not be kept. */
    private static final String WITHHELD = "withheld_fields";

    private final @Nullable UnaryOperator<String> redactor;
    private final TrackerCounts counts;

    RedactedRecords(@Nullable UnaryOperator<String> redactor, TrackerCounts counts) {
        this.redactor = redactor;
        this.counts = counts;
    }

    TaskStarted started(TaskStarted task) {
        TextRedaction texts = new TextRedaction(redactor);
        String description = texts.text("description", task.description());
        Map<String, Object> metadata = texts.object("metadata", task.metadata());
        return new TaskStarted(
                task.taskId(),
                task.timestamp(),
                task.name(),
                description,
                task.agent(),
                task.model(),
                task.deviceId(),
                task.continues(),
                task.onBehalfOf(),
                metadata == null ? Map.of() : metadata,
                marked(texts));
    }

    Step step(TrackerEvent.Recorded event, List<Frame> frames) {
        StepData data = event.data();
        Instant started = event.task().started.timestamp();
        TextRedaction texts = new TextRedaction(redactor);
        String thinking = texts.text("thinking", data.thinking);
        Map<String, Object> action = texts.object("action", data.action);
        Map<String, Object> actionResult = texts.object("action_result", data.actionResult);
        String errorMessage = texts.text("error_message", data.errorMessage);
        return new Step(
                event.task().id(),
                data.timestamp.isBefore(started) ? started : data.timestamp,
                event.stepNumber(),
                data.type,
                thinking,
                action,
                actionResult,
                data.duration,
                data.success,
                errorMessage,
                data.timings,
                data.resources,
                frames,
                List.of(),
                marked(texts));
    }

    TaskEnded ended(TaskEnded task) {
        TextRedaction texts = new TextRedaction(redactor);
        String message = texts.text("message", task.message());
        return new TaskEnded(
                task.taskId(),
                task.timestamp(),
                task.status(),
                task.ending(),
                message,
                task.lastStepNumber(),
                marked(texts));
    }

    private Map<String, Object> marked(TextRedaction texts) {
        counts.withheldTexts.addAndGet(texts.withheld().size());
        return texts.withheld().isEmpty() ? Map.of() : Map.of(WITHHELD, texts.withheld());
    }
}
