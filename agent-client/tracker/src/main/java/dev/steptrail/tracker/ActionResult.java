package dev.steptrail.tracker;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of an action on the phone.
 *
 * @param success whether the phone executed the action; false if that is unknown
 * @param message the error if the action failed, otherwise an optional reply from the phone
 * @param outcomeUnknown whether the action was sent, but the phone did not acknowledge it. The step is then recorded with
 *     {@code outcome_unknown} in its action's result, and neither as successful nor as failed
 * @param timings parts of the action's time that are recorded apart from it, such as {@code wait}
 */
public record ActionResult(
        boolean success, @Nullable String message, boolean outcomeUnknown, Map<String, Duration> timings) {
    private static final ActionResult SUCCEEDED = new ActionResult(true, null);

    public ActionResult {
        timings = Map.copyOf(timings);
    }

    public ActionResult(boolean success, @Nullable String message) {
        this(success, message, false, Map.of());
    }

    public static ActionResult succeeded() {
        return SUCCEEDED;
    }

    public static ActionResult failed(String message) {
        return new ActionResult(false, message);
    }

    /** Returns the result of an action that the phone may or may not have executed. */
    public static ActionResult unknown(String message) {
        return new ActionResult(false, message, true, Map.of());
    }

    /** Returns a copy with the duration of a part that is recorded apart from the action, such as {@code wait}. */
    public ActionResult timed(String part, Duration duration) {
        Map<String, Duration> all = new LinkedHashMap<>(timings);
        all.put(part, duration);
        return new ActionResult(success, message, outcomeUnknown, all);
    }

    /** Returns the action's result as it is recorded. */
    Map<String, Object> toRecord() {
        Map<String, Object> values = new LinkedHashMap<>();
        if (outcomeUnknown) {
            values.put("outcome_unknown", true);
        } else {
            values.put("success", success);
        }
        if (message != null) {
            values.put("message", message);
        }
        return values;
    }
}
