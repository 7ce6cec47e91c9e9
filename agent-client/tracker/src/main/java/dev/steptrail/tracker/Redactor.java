package dev.steptrail.tracker;

import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.screenshot.RedactedScreenshot;
import dev.steptrail.tracker.screenshot.Redaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Applies the agent's redactors to records and screenshots before they are written. If a redactor fails, the text or
 * screenshot is omitted. Not thread-safe: used by the writer thread alone.
 */
final class Redactor {
    /** The field of a record that lists the names of fields omitted because the text redactor failed. */
    private static final String WITHHELD_FIELDS = "withheld_fields";

    private final @Nullable ScreenshotRedactor screenshots;
    private final @Nullable UnaryOperator<String> texts;
    private final AtomicLong withheldTexts;

    /** The screenshot redactor failed. The message omits the cause's message, which could describe the screenshot. */
    static final class RedactionFailedException extends Exception {
        RedactionFailedException(Throwable cause) {
            super("the screenshot redactor failed: " + cause.getClass().getName());
        }
    }

    /** @param withheldTexts incremented for each field that is omitted because the text redactor failed */
    Redactor(
            @Nullable ScreenshotRedactor screenshots, @Nullable UnaryOperator<String> texts, AtomicLong withheldTexts) {
        this.screenshots = screenshots;
        this.texts = texts;
        this.withheldTexts = withheldTexts;
    }

    TaskStarted redactStart(TaskStarted task) {
        List<String> withheld = new ArrayList<>();
        String description = redactField("description", task.description(), withheld);
        Map<String, Object> metadata = redactField("metadata", task.metadata(), withheld);
        ExperimentCase place = task.experimentCase();
        Map<String, Object> attributes = redactField("attributes", place.attributes(), withheld);
        return new TaskStarted(
                task.taskId(),
                task.timestamp(),
                task.name(),
                description,
                task.agent(),
                task.model(),
                task.deviceId(),
                task.previousTaskId(),
                task.onBehalfOf(),
                metadata == null ? Map.of() : metadata,
                new ExperimentCase(
                        place.experiment(), place.caseId(), place.repeat(), attributes == null ? Map.of() : attributes),
                List.of(),
                withheldMarker(withheld));
    }

    Step redactStep(TrackerEvent.Recorded event, List<Frame> frames) {
        StepData data = event.data();
        Instant started = event.task().started.timestamp(); // a step may be built before its task starts
        List<String> withheld = new ArrayList<>();
        String thinking = redactField("thinking", data.thinking, withheld);
        Map<String, Object> action = redactField("action", data.action, withheld);
        Map<String, Object> actionResult = redactField("action_result", data.actionResult, withheld);
        String errorMessage = redactField("error_message", data.errorMessage, withheld);
        String currentApp = redactField("current_app", data.currentApp, withheld);
        Object modelInput = redactField(ModelCall.INPUT, data.modelInput, withheld);
        Object modelOutput = redactField(ModelCall.OUTPUT, data.modelOutput, withheld);
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
                new ModelCall(data.usage, modelInput, modelOutput),
                List.of(),
                frames,
                List.of(),
                customFields(currentApp, withheldMarker(withheld)));
    }

    /** Returns the fields of a step that the format does not define, named as by the Python recorder. */
    private static Map<String, Object> customFields(@Nullable String currentApp, Map<String, Object> marker) {
        if (currentApp == null) {
            return marker;
        }
        Map<String, Object> fields = new LinkedHashMap<>(marker);
        fields.put("current_app", currentApp);
        return fields;
    }

    TaskEnded redactEnd(TaskEnded task) {
        List<String> withheld = new ArrayList<>();
        String message = redactField("message", task.message(), withheld);
        Map<String, Object> fields = new LinkedHashMap<>(task.unknown());
        fields.putAll(withheldMarker(withheld));
        return new TaskEnded(
                task.taskId(),
                task.timestamp(),
                task.status(),
                task.endReason(),
                message,
                task.lastStepNumber(),
                List.of(),
                fields);
    }

    Verdict redactVerdict(Verdict verdict) {
        List<String> withheld = new ArrayList<>();
        String reason = redactField("reason", verdict.reason(), withheld);
        return verdict.with(reason, withheldMarker(withheld));
    }

    /** Returns the redacted screenshot as PNG. */
    RedactedScreenshot redactScreenshot(TrackerEvent.Recorded event, StepData.StepScreenshot screenshot)
            throws BrokenImageException, RedactionFailedException {
        Screen screen = screenshot.screen();
        try {
            List<Redaction> redactions = new ArrayList<>(screen.redactions());
            if (screenshots != null) {
                StepData step = event.data();
                redactions.addAll(List.copyOf(screenshots.redact(
                        screen.image(),
                        new StepContext(
                                event.task().id(),
                                event.stepNumber(),
                                step.type,
                                screenshot.role(),
                                screen.sensitive(),
                                step.thinking,
                                step.action))));
            }
            return RedactedScreenshot.of(screen.image(), redactions);
        } catch (BrokenImageException e) {
            throw e;
        } catch (Throwable e) { // a failure of the agent's redactor must lose only this screenshot
            throw new RedactionFailedException(e);
        } finally {
            clearInterrupt();
        }
    }

    /** Counts the withheld fields, and returns the record field that lists them. */
    private Map<String, Object> withheldMarker(List<String> withheld) {
        withheldTexts.addAndGet(withheld.size());
        return withheld.isEmpty() ? Map.of() : Map.of(WITHHELD_FIELDS, withheld);
    }

    /** Returns the redacted value of a field; on failure, adds the field to {@code withheld} and returns null. */
    @SuppressWarnings("unchecked") // a string becomes a string, and a map becomes a map with the same keys
    private <T> @Nullable T redactField(String field, @Nullable T value, List<String> withheld) {
        if (texts == null) {
            return value;
        }
        try {
            return (T) redactValue(texts, value);
        } catch (Throwable e) { // a failure of the agent's redactor must lose only this field
            withheld.add(field);
            return null;
        } finally {
            clearInterrupt();
        }
    }

    private static @Nullable Object redactValue(UnaryOperator<String> redactor, @Nullable Object value) {
        if (value instanceof String text) {
            return redactor.apply(text);
        } else if (value instanceof List<?> list) {
            List<@Nullable Object> redacted = new ArrayList<>(list.size());
            list.forEach(element -> redacted.add(redactValue(redactor, element)));
            return redacted;
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> redacted = new LinkedHashMap<>();
            map.forEach((key, element) -> redacted.put(key, redactValue(redactor, element)));
            return redacted;
        } else if (value instanceof Number) {
            // A telephone number may be recorded as a number.
            String text = value.toString();
            String redacted = redactor.apply(text);
            return text.equals(redacted) ? value : redacted;
        }
        return value;
    }

    /** Clears an interrupt that a redactor has set. Otherwise the next write would close its {@code FileChannel}. */
    private static void clearInterrupt() {
        Thread.interrupted();
    }
}
