package dev.steptrail.phone.autoglm;

import dev.steptrail.phone.device.Screenshot;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.tracker.ActionResult;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A step of a running task.
 *
 * @param number starts at 1
 * @param thinking the model's reasoning, without tags: untrusted text; may be empty
 * @param action as {@link ActionParser} returns it
 * @param finished whether the task is complete
 * @param currentApp the app on the screen, as the model receives it
 * @param screen the screen on which the decision is based
 * @param elapsed the time since the step started
 * @param modelTime the time of the model's reply
 * @param usage the tokens of the step; null if the server does not report them
 * @param consumption the tokens and the cost of the task up to this step
 * @param result the result of the action; null before it was executed
 */
public record StepProgress(
        int number,
        String thinking,
        Map<String, Object> action,
        boolean finished,
        String currentApp,
        Screenshot screen,
        Duration elapsed,
        Duration modelTime,
        @Nullable Usage usage,
        Consumption consumption,
        @Nullable ActionResult result) {

    StepProgress after(ActionResult newResult, Duration newElapsed) {
        return new StepProgress(
                number,
                thinking,
                action,
                finished,
                currentApp,
                screen,
                newElapsed,
                modelTime,
                usage,
                consumption,
                newResult);
    }
}
