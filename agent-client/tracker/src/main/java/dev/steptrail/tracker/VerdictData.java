package dev.steptrail.tracker;

import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue;
import org.jspecify.annotations.Nullable;

/**
 * An evaluator's judgement of a task. An evaluator is a program; people judge through the API.
 *
 * @param evaluator the name of the program, 1 to 200 characters
 * @param evaluatorVersion its version, 1 to 200 characters
 * @param name what is judged, 1 to 100 characters
 * @param value a {@link VerdictValue.Label}, or a {@link VerdictValue.Score} if the name is not {@code success}
 * @param reason an explanation for people
 */
public record VerdictData(
        String evaluator,
        @Nullable String evaluatorVersion,
        String name,
        VerdictValue value,
        @Nullable String reason) {

    /** Returns a verdict on whether the task succeeded. */
    public static VerdictData of(String evaluator, VerdictValue value) {
        return new VerdictData(evaluator, null, Verdict.SUCCESS, value, null);
    }

    public VerdictData withEvaluatorVersion(@Nullable String evaluatorVersion) {
        return new VerdictData(evaluator, evaluatorVersion, name, value, reason);
    }

    /** Returns a copy that judges something else than success. */
    public VerdictData withName(String name) {
        return new VerdictData(evaluator, evaluatorVersion, name, value, reason);
    }

    public VerdictData withReason(@Nullable String reason) {
        return new VerdictData(evaluator, evaluatorVersion, name, value, reason);
    }
}
