package dev.steptrail.stepformat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A record as it can be sent: one that has more bytes than anybody reads loses the end of its long texts and, if that does not
 * do, the objects that its recorder put into it: a step its action's result and then its action, a start its metadata. What
 * it lost is named in it, with the bytes that it had. Losses have nothing of that, and stay as they are.
 */
public final class ShortenedRecord {
    /** The field that lists what was shortened. */
    public static final String MARK = "shortened_fields";

    /** Twice what a row of the database holds, or more. */
    public static final int MAX_TEXT = 512 * 1024;

    /** What the names of all that a record lost take at most. */
    private static final int MARK_BYTES = 1024;

    private final Map<String, Object> shortened = new LinkedHashMap<>();

    private ShortenedRecord() {}

    /** The record, shortened if need be; still too long only if something else in it is. */
    public static StepRecord of(StepRecord record) {
        return isTooLong(RecordCodec.encode(record)) ? new ShortenedRecord().shorten(record) : record;
    }

    /** The JSON of that. */
    public static byte[] json(StepRecord record) {
        byte[] json = RecordCodec.encode(record);
        return isTooLong(json) ? RecordCodec.encode(new ShortenedRecord().shorten(record)) : json;
    }

    private static boolean isTooLong(byte[] json) {
        return json.length > PayloadCodec.MAX_BYTES;
    }

    private StepRecord shorten(StepRecord record) {
        if (record instanceof Step step) {
            return shorten(step);
        } else if (record instanceof TaskStarted started) {
            return shorten(started);
        } else if (record instanceof TaskEnded ended) {
            return shorten(ended);
        }
        return record;
    }

    private Step shorten(Step step) {
        Map<String, Object> result =
                kept("action_result", step.actionResult(), value -> copy(step, step.action(), value));
        Map<String, Object> action = kept("action", step.action(), value -> copy(step, value, result));
        return copy(step, action, result);
    }

    private TaskStarted shorten(TaskStarted started) {
        return copy(started, kept("metadata", started.metadata(), value -> copy(started, value)));
    }

    private TaskEnded shorten(TaskEnded ended) {
        return new TaskEnded(
                ended.taskId(),
                ended.timestamp(),
                ended.status(),
                ended.ending(),
                text("message", ended.message()),
                ended.lastStepNumber(),
                marked(ended.unknown()));
    }

    /** Returns the value of a field, or null if the record is too long with it. */
    private @Nullable Map<String, Object> kept(
            String field,
            @Nullable Map<String, Object> value,
            Function<@Nullable Map<String, Object>, StepRecord> record) {
        if (value == null) {
            return null;
        }
        int bytes = RecordCodec.encode(record.apply(value)).length;
        if (bytes <= PayloadCodec.MAX_BYTES - MARK_BYTES) {
            return value;
        }
        shortened.put(field, bytes - RecordCodec.encode(record.apply(null)).length);
        return null;
    }

    private @Nullable String text(String field, @Nullable String text) {
        if (text == null || text.length() <= MAX_TEXT) {
            return text;
        }
        shortened.put(field, text.getBytes(StandardCharsets.UTF_8).length);
        return Beginning.of(text, MAX_TEXT);
    }

    /** With what was lost so far; what it had lost before it came here was longer then. */
    private Map<String, Object> marked(Map<String, Object> unknown) {
        Map<String, Object> lost = new LinkedHashMap<>(shortened);
        if (unknown.get(MARK) instanceof Map<?, ?> before) {
            before.forEach((field, bytes) -> lost.put(String.valueOf(field), bytes));
        }
        Map<String, Object> marked = new LinkedHashMap<>(unknown);
        marked.put(MARK, lost);
        return marked;
    }

    private TaskStarted copy(TaskStarted started, @Nullable Map<String, Object> metadata) {
        return new TaskStarted(
                started.taskId(),
                started.timestamp(),
                text("name", started.name()),
                text("description", started.description()),
                text("agent", started.agent()),
                text("model", started.model()),
                text("device_id", started.deviceId()),
                started.continues(),
                started.onBehalfOf(),
                metadata == null ? Map.of() : metadata,
                marked(started.unknown()));
    }

    private Step copy(Step step, @Nullable Map<String, Object> action, @Nullable Map<String, Object> actionResult) {
        return new Step(
                step.taskId(),
                step.timestamp(),
                step.stepNumber(),
                step.stepType(),
                text("thinking", step.thinking()),
                action,
                actionResult,
                step.duration(),
                step.success(),
                text("error_message", step.errorMessage()),
                step.timings(),
                step.resources(),
                step.frames(),
                step.screenshots(),
                marked(step.unknown()));
    }
}
