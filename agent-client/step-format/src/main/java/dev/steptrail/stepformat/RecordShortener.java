package dev.steptrail.stepformat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Shortens records whose JSON exceeds {@link PayloadCodec#MAX_BYTES}. Long texts are truncated first. If this is not
 * enough, the {@code model_input}, {@code model_output}, {@code action_result} and {@code action} of a step, or the
 * {@code metadata} and {@code attributes} of a start, are removed in this order until the record is short enough. The field {@value #SHORTENED_FIELDS} of the record contains the original size of each shortened field.
 * {@link Losses} are never shortened.
 */
public final class RecordShortener {
    /** The field that maps the names of shortened fields to their original sizes in bytes. */
    public static final String SHORTENED_FIELDS = "shortened_fields";

    /** The maximum length of a shortened text in characters. Higher than the database's limit, 256 KiB of UTF-8. */
    public static final int MAX_TEXT = 512 * 1024;

    /** An upper limit of the size of {@link #SHORTENED_FIELDS}. */
    private static final int SHORTENED_FIELDS_BYTES = 1024;

    private final Map<String, Object> originalSizes = new LinkedHashMap<>();

    private RecordShortener() {}

    /** Returns the record, shortened if necessary. It may still be too long because of other fields. */
    public static StepRecord shorten(StepRecord record) {
        return isTooLong(RecordCodec.encode(record)) ? new RecordShortener().shortenAny(record) : record;
    }

    /** Encodes the record, shortened if necessary. */
    public static byte[] encode(StepRecord record) {
        byte[] json = RecordCodec.encode(record);
        return isTooLong(json) ? RecordCodec.encode(new RecordShortener().shortenAny(record)) : json;
    }

    private static boolean isTooLong(byte[] json) {
        return json.length > PayloadCodec.MAX_BYTES;
    }

    private StepRecord shortenAny(StepRecord record) {
        if (record instanceof Step step) {
            return shortenStep(step);
        } else if (record instanceof TaskStarted started) {
            return shortenStart(started);
        } else if (record instanceof TaskEnded ended) {
            return shortenEnd(ended);
        } else if (record instanceof Verdict verdict) {
            return shortenVerdict(verdict);
        }
        return record;
    }

    private Step shortenStep(Step step) {
        ModelCall call = step.modelCall();
        Map<String, Object> action = step.action();
        Map<String, Object> result = step.actionResult();
        Object input = removeIfTooLong(
                ModelCall.INPUT, call.input(), value -> copy(step, call.withInput(value), action, result));
        ModelCall withInput = call.withInput(input);
        Object output = removeIfTooLong(
                ModelCall.OUTPUT, call.output(), value -> copy(step, withInput.withOutput(value), action, result));
        ModelCall shortCall = withInput.withOutput(output);
        Map<String, Object> shortResult =
                removeIfTooLong("action_result", result, value -> copy(step, shortCall, action, value));
        Map<String, Object> shortAction =
                removeIfTooLong("action", action, value -> copy(step, shortCall, value, shortResult));
        return copy(step, shortCall, shortAction, shortResult);
    }

    private TaskStarted shortenStart(TaskStarted started) {
        Map<String, Object> attributes = started.experimentCase().attributes();
        Map<String, Object> metadata =
                removeIfTooLong("metadata", started.metadata(), value -> copy(started, value, attributes));
        return copy(
                started, metadata, removeIfTooLong("attributes", attributes, value -> copy(started, metadata, value)));
    }

    private Verdict shortenVerdict(Verdict verdict) {
        return new Verdict(
                verdict.taskId(),
                verdict.timestamp(),
                verdict.name(),
                verdict.value(),
                verdict.evaluator(),
                verdict.evaluatorVersion(),
                truncate("reason", verdict.reason()),
                addShortenedFields(verdict.unknown()));
    }

    private TaskEnded shortenEnd(TaskEnded ended) {
        return new TaskEnded(
                ended.taskId(),
                ended.timestamp(),
                ended.status(),
                ended.endReason(),
                truncate("message", ended.message()),
                ended.lastStepNumber(),
                addShortenedFields(ended.unknown()));
    }

    /** Returns {@code value}, or null if the record that {@code recordWith} creates with it is too long. */
    private <T> @Nullable T removeIfTooLong(
            String field, @Nullable T value, Function<@Nullable T, StepRecord> recordWith) {
        if (value == null) {
            return null;
        }
        int bytes = RecordCodec.encode(recordWith.apply(value)).length;
        if (bytes <= PayloadCodec.MAX_BYTES - SHORTENED_FIELDS_BYTES) {
            return value;
        }
        originalSizes.put(field, bytes - RecordCodec.encode(recordWith.apply(null)).length);
        return null;
    }

    private @Nullable String truncate(String field, @Nullable String text) {
        if (text == null || text.length() <= MAX_TEXT) {
            return text;
        }
        originalSizes.put(field, text.getBytes(StandardCharsets.UTF_8).length);
        return TextTruncator.truncate(text, MAX_TEXT);
    }

    /** Adds the original sizes. The existing entry of a field, from an earlier shortening, takes precedence. */
    private Map<String, Object> addShortenedFields(Map<String, Object> unknown) {
        Map<String, Object> sizes = new LinkedHashMap<>(originalSizes);
        if (unknown.get(SHORTENED_FIELDS) instanceof Map<?, ?> existing) {
            existing.forEach((field, bytes) -> sizes.put(String.valueOf(field), bytes));
        }
        Map<String, Object> result = new LinkedHashMap<>(unknown);
        result.put(SHORTENED_FIELDS, sizes);
        return result;
    }

    private TaskStarted copy(
            TaskStarted started, @Nullable Map<String, Object> metadata, @Nullable Map<String, Object> attributes) {
        ExperimentCase place = started.experimentCase();
        return new TaskStarted(
                started.taskId(),
                started.timestamp(),
                truncate("name", started.name()),
                truncate("description", started.description()),
                truncate("agent", started.agent()),
                truncate("model", started.model()),
                truncate("device_id", started.deviceId()),
                started.previousTaskId(),
                started.onBehalfOf(),
                metadata == null ? Map.of() : metadata,
                new ExperimentCase(
                        place.experiment(), place.caseId(), place.repeat(), attributes == null ? Map.of() : attributes),
                addShortenedFields(started.unknown()));
    }

    private Step copy(
            Step step,
            ModelCall modelCall,
            @Nullable Map<String, Object> action,
            @Nullable Map<String, Object> actionResult) {
        return new Step(
                step.taskId(),
                step.timestamp(),
                step.stepNumber(),
                step.stepType(),
                truncate("thinking", step.thinking()),
                action,
                actionResult,
                step.duration(),
                step.success(),
                truncate("error_message", step.errorMessage()),
                step.timings(),
                step.resources(),
                modelCall,
                step.frames(),
                step.screenshots(),
                addShortenedFields(step.unknown()));
    }
}
