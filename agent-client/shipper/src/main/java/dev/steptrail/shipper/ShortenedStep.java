package dev.steptrail.shipper;

import dev.steptrail.stepformat.PayloadCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A step's record as it can be sent: one that has more bytes than anybody reads loses the end of its long texts and, if that
 * does not do, its action's result and its action. What it lost is named in it, with the bytes that it had.
 */
final class ShortenedStep {
    /** The name under which the record tells it. */
    static final String MARK = "shortened_fields";

    /** Twice what a row of the database holds, or more. */
    static final int MAX_TEXT = 512 * 1024;

    private final Map<String, Object> shortened = new LinkedHashMap<>();

    private ShortenedStep() {}

    /** The record's JSON; still too long only if something else in it is. */
    static byte[] json(Step step) {
        byte[] json = RecordCodec.encode(step);
        return json.length <= PayloadCodec.MAX_BYTES ? json : new ShortenedStep().shorten(step);
    }

    private byte[] shorten(Step step) {
        String thinking = text("thinking", step.thinking());
        String errorMessage = text("error_message", step.errorMessage());
        byte[] json = encode(step, thinking, step.action(), step.actionResult(), errorMessage);
        if (json.length > PayloadCodec.MAX_BYTES && step.actionResult() != null) {
            byte[] without = encode(step, thinking, step.action(), null, errorMessage);
            shortened.put("action_result", json.length - without.length);
            json = encode(step, thinking, step.action(), null, errorMessage);
        }
        if (json.length > PayloadCodec.MAX_BYTES && step.action() != null) {
            byte[] without = encode(step, thinking, null, null, errorMessage);
            shortened.put("action", json.length - without.length);
            json = encode(step, thinking, null, null, errorMessage);
        }
        return json;
    }

    private @Nullable String text(String field, @Nullable String text) {
        if (text == null || text.length() <= MAX_TEXT) {
            return text;
        }
        shortened.put(field, text.getBytes(StandardCharsets.UTF_8).length);
        return text.substring(0, Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT);
    }

    private byte[] encode(
            Step step,
            @Nullable String thinking,
            @Nullable Map<String, Object> action,
            @Nullable Map<String, Object> actionResult,
            @Nullable String errorMessage) {
        Map<String, Object> unknown = new LinkedHashMap<>(step.unknown());
        unknown.put(MARK, shortened);
        return RecordCodec.encode(new Step(
                step.taskId(),
                step.timestamp(),
                step.stepNumber(),
                step.stepType(),
                thinking,
                action,
                actionResult,
                step.duration(),
                step.success(),
                errorMessage,
                step.timings(),
                step.resources(),
                step.frames(),
                step.screenshots(),
                unknown));
    }
}
