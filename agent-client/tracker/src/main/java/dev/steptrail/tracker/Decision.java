package dev.steptrail.tracker;

import dev.steptrail.stepformat.JsonValues;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the model decided.
 *
 * @param thinking what it said before
 * @param action what to do, such as {@code {"action":"Tap","element":[499,842]}}
 * @param finished whether the task is done, so that the action is not carried out
 * @param message what the agent says at the end
 * @param timeToFirstToken how long the model took to its first token, where known
 * @param modelTime how long it took in all, where known
 */
public record Decision(
        @Nullable String thinking,
        Map<String, Object> action,
        boolean finished,
        @Nullable String message,
        @Nullable Duration timeToFirstToken,
        @Nullable Duration modelTime) {

    public Decision {
        action = JsonValues.copyOf(action);
    }

    /** To act. */
    public static Decision act(@Nullable String thinking, Map<String, ?> action) {
        return new Decision(thinking, JsonValues.copyOf(action), false, null, null, null);
    }

    /** That the task is done; recorded as the action {@code {"_metadata":"finish","message":…}}, as Open-AutoGLM does. */
    public static Decision finish(@Nullable String thinking, String message) {
        return new Decision(thinking, Map.of("_metadata", "finish", "message", message), true, message, null, null);
    }

    /** The same with the model's times. */
    public Decision timed(@Nullable Duration timeToFirstToken, @Nullable Duration modelTime) {
        return new Decision(thinking, action, finished, message, timeToFirstToken, modelTime);
    }
}
