package dev.steptrail.cli.evaluate;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.stepformat.TextTruncator;
import dev.steptrail.stepformat.UntrustedJson;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.stepformat.VerdictValue.Score;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluator decided about a task.
 *
 * @param reason an explanation for people, at most {@value Verdict#MAX_REASON_LENGTH} characters
 */
public record Judgement(VerdictValue value, @Nullable String reason) {
    private static final int MAX_QUOTE_LENGTH = 60;

    private static final JsonMapper JSON = JsonMapper.builder(UntrustedJson.factoryBuilder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Parses the output of an evaluator program: one JSON object in UTF-8 with {@code value} and, optionally,
     * {@code reason}. Ignores other fields.
     *
     * @param name what is judged; a number is not allowed for {@value Verdict#SUCCESS}
     */
    public static Judgement parse(byte[] output, String name) throws EvaluationException {
        String text = new String(output, StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            throw new EvaluationException("the program printed no verdict");
        }
        JsonNode json = parseJson(output);
        if (json == null || !json.isObject()) {
            throw new EvaluationException("the program printed no JSON object, but '" + quote(text) + "'");
        }
        VerdictValue value = parseValue(json.path("value"));
        try {
            Verdict.requireAllowed(name, value);
        } catch (IllegalArgumentException e) {
            throw new EvaluationException("the program printed a wrong verdict: " + e.getMessage() + ", but is "
                    + quote(json.path("value").toString()));
        }
        return new Judgement(value, parseReason(json.path("reason")));
    }

    private static @Nullable JsonNode parseJson(byte[] output) {
        try {
            return JSON.readTree(output);
        } catch (IOException invalid) { // an array cannot fail otherwise
            return null;
        }
    }

    private static VerdictValue parseValue(JsonNode value) throws EvaluationException {
        if (value.isNumber() && Double.isFinite(value.doubleValue())) {
            return new Score(value.doubleValue());
        }
        for (Label label : Label.values()) {
            if (label.wireName().equals(value.textValue())) {
                return label;
            }
        }
        throw new EvaluationException("the program printed a wrong verdict: value: must be pass, fail, unclear or a"
                + " number, but is " + (value.isMissingNode() ? "missing" : quote(value.toString())));
    }

    private static @Nullable String parseReason(JsonNode reason) throws EvaluationException {
        if (reason.isMissingNode() || reason.isNull()) {
            return null;
        }
        if (!reason.isTextual()) {
            throw new EvaluationException("the program printed a wrong verdict: reason: must be a string, but is "
                    + quote(reason.toString()));
        }
        int length = reason.textValue().codePointCount(0, reason.textValue().length());
        if (length > Verdict.MAX_REASON_LENGTH) {
            throw new EvaluationException("the program printed a wrong verdict: reason: must have at most "
                    + Verdict.MAX_REASON_LENGTH + " characters, but has " + length);
        }
        return reason.textValue().isEmpty() ? null : reason.textValue();
    }

    private static String quote(String text) {
        return text.length() <= MAX_QUOTE_LENGTH ? text : TextTruncator.truncate(text, MAX_QUOTE_LENGTH) + "…";
    }

    /** Returns {@code pass}, {@code fail}, {@code unclear}, or the number. */
    public String valueText() {
        return value instanceof Score score ? String.valueOf(score.number()) : ((Label) value).wireName();
    }
}
