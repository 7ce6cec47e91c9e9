package dev.steptrail.cli.autoglm;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A step of a {@link Trace}.
 *
 * @param action what the agent did; {@code {"_metadata":"finish",…}} when it says that it is done
 * @param screenshotPath where the recorder put the screen that it saw, below the run's folder
 * @param more fields that this reader does not know
 */
record TraceStep(
        int stepNumber,
        @Nullable Map<String, Object> action,
        @Nullable String thinking,
        @Nullable String screenshotPath,
        TraceTime timestamp,
        @Nullable Boolean success,
        @Nullable String errorMessage,
        Map<String, Object> more) {

    boolean isFinish() {
        return action != null && "finish".equals(action.get("_metadata"));
    }
}
