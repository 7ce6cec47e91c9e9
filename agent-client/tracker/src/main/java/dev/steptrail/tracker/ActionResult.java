package dev.steptrail.tracker;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The result of an action on the phone.
 *
 * @param outcome if it is unknown, the step is recorded with {@code outcome_unknown} in its action's result, and
 *     neither as successful nor as failed
 * @param message the error if the action failed, otherwise an optional reply from the phone
 * @param timings parts of the action's time that are recorded apart from it, such as {@code wait}
 */
public record ActionResult(ActionOutcome outcome, @Nullable String message, Map<String, Duration> timings) {
    private static final ActionResult SUCCEEDED = succeeded(null);

    public ActionResult {
        Objects.requireNonNull(outcome, "outcome");
        timings = Map.copyOf(timings);
    }

    public static ActionResult succeeded() {
        return SUCCEEDED;
    }

    public static ActionResult succeeded(@Nullable String message) {
        return new ActionResult(ActionOutcome.SUCCEEDED, message, Map.of());
    }

    public static ActionResult failed(@Nullable String message) {
        return new ActionResult(ActionOutcome.FAILED, message, Map.of());
    }

    /** Returns the result of an action that the phone may or may not have executed. */
    public static ActionResult unknown(@Nullable String message) {
        return new ActionResult(ActionOutcome.UNKNOWN, message, Map.of());
    }

    /** Returns whether the phone executed the action; false if that is unknown. */
    public boolean success() {
        return outcome == ActionOutcome.SUCCEEDED;
    }

    /** Returns a copy with the duration of a part that is recorded apart from the action, such as {@code wait}. */
    public ActionResult timed(String part, Duration duration) {
        Map<String, Duration> all = new LinkedHashMap<>(timings);
        all.put(part, duration);
        return new ActionResult(outcome, message, all);
    }

    /** Returns the action's result as it is recorded. */
    Map<String, Object> toRecord() {
        Map<String, Object> values = new LinkedHashMap<>();
        if (outcome == ActionOutcome.UNKNOWN) {
            values.put("outcome_unknown", true);
        } else {
            values.put("success", success());
        }
        if (message != null) {
            values.put("message", message);
        }
        return values;
    }
}
