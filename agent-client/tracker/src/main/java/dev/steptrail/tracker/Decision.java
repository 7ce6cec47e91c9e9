package dev.steptrail.tracker;

import dev.steptrail.stepformat.JsonValues;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Usage;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The model's decision for one step.
 *
 * @param thinking the model's reasoning before the action
 * @param action the action to execute, such as {@code {"action":"Tap","element":[499,842]}}
 * @param finished whether the task is done; the action is then recorded but not executed
 * @param message the agent's final message, if finished
 * @param timeToFirstToken time until the model's first token; null if unknown
 * @param modelTime total time of the model's reply; null if unknown
 * @param modelCall the tokens of the model's calls, and what the model received and returned
 * @param currentApp the app on the screen; null if unknown
 */
public record Decision(
        @Nullable String thinking,
        Map<String, Object> action,
        boolean finished,
        @Nullable String message,
        @Nullable Duration timeToFirstToken,
        @Nullable Duration modelTime,
        ModelCall modelCall,
        @Nullable String currentApp) {

    public Decision {
        action = JsonValues.copyOf(action);
    }

    /** Returns a decision to execute {@code action}. */
    public static Decision act(@Nullable String thinking, Map<String, ?> action) {
        return new Decision(thinking, JsonValues.copyOf(action), false, null, null, null, ModelCall.NONE, null);
    }

    /** Returns a decision to finish, with Open-AutoGLM's action {@code {"_metadata":"finish","message":…}}. */
    public static Decision finish(@Nullable String thinking, String message) {
        Map<String, Object> action = Map.of("_metadata", "finish", "message", message);
        return new Decision(thinking, action, true, message, null, null, ModelCall.NONE, null);
    }

    /** Returns a copy with the model's response times. */
    public Decision timed(@Nullable Duration timeToFirstToken, @Nullable Duration modelTime) {
        return new Decision(thinking, action, finished, message, timeToFirstToken, modelTime, modelCall, currentApp);
    }

    /**
     * Returns a copy with the tokens that the model's server reports, and with what the model received and returned.
     * Input and output are recorded only if the tracker's builder allows it.
     */
    public Decision withModelCall(@Nullable Usage usage, @Nullable Object input, @Nullable Object output) {
        ModelCall call = new ModelCall(usage, input, output);
        return new Decision(thinking, action, finished, message, timeToFirstToken, modelTime, call, currentApp);
    }

    /** Returns a copy with the app on the screen, recorded as {@code current_app}. */
    public Decision withCurrentApp(@Nullable String app) {
        return new Decision(thinking, action, finished, message, timeToFirstToken, modelTime, modelCall, app);
    }
}
