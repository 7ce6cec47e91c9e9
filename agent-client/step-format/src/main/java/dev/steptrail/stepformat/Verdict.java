package dev.steptrail.stepformat;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An evaluator's judgement of a task. A later verdict of the same name and evaluator replaces it. People judge through
 * the API instead, which knows who they are.
 *
 * @param name what is judged, 1 to 100 characters without {@link WhiteSpace white space} at either end;
 *     {@value #SUCCESS} is whether the task succeeded
 * @param value a label; a number is allowed for other names than {@value #SUCCESS}
 * @param evaluator the program that judged, 1 to 200 characters
 * @param evaluatorVersion its version, 1 to 200 characters
 * @param reason an explanation for people
 */
public record Verdict(
        UUID taskId,
        Instant timestamp,
        String name,
        VerdictValue value,
        String evaluator,
        @Nullable String evaluatorVersion,
        @Nullable String reason,
        Map<String, Object> unknown)
        implements StepRecord {

    /** The name of the verdict that decides whether a task counts as successful. It is the default. */
    public static final String SUCCESS = "success";

    public static final int MAX_NAME_LENGTH = 100;
    public static final int MAX_EVALUATOR_LENGTH = 200;

    /** In code points. Ingest truncates a longer reason; the API and {@code steptrail evaluate} reject it. */
    public static final int MAX_REASON_LENGTH = 10_000;

    static final String VALUE_RULE = "must be pass, fail, unclear or a number";

    static final Set<String> FIELDS = Fields.recordFields("name", "value", "evaluator", "evaluator_version", "reason");

    public Verdict {
        timestamp = Fields.toStorable(timestamp);
        Fields.requireLength("name", name, MAX_NAME_LENGTH);
        if (WhiteSpace.isAtEnd(name)) {
            throw new IllegalArgumentException("name: " + WhiteSpace.RULE);
        }
        requireAllowed(name, value);
        Fields.requireLength("evaluator", evaluator, MAX_EVALUATOR_LENGTH);
        Fields.requireLength("evaluator_version", evaluatorVersion, MAX_EVALUATOR_LENGTH);
        unknown = Fields.copyUnknown(unknown, FIELDS);
    }

    /** Returns a copy with another reason and other unknown fields. */
    public Verdict with(@Nullable String newReason, Map<String, Object> newUnknown) {
        return new Verdict(taskId, timestamp, name, value, evaluator, evaluatorVersion, newReason, newUnknown);
    }

    /**
     * Checks a verdict's value.
     *
     * @throws IllegalArgumentException if the name does not allow the value
     */
    public static void requireAllowed(String name, VerdictValue value) {
        if (name.equals(SUCCESS) && value instanceof VerdictValue.Score) {
            throw new IllegalArgumentException("value: must be pass, fail or unclear for the name " + SUCCESS);
        }
    }
}
