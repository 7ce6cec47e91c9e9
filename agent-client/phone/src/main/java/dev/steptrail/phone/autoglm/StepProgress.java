package dev.steptrail.phone.autoglm;

import dev.steptrail.phone.device.Screenshot;
import dev.steptrail.stepformat.Usage;
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
 * @param elapsed the time from the start of the step to the decision
 * @param modelTime the time of the model's reply
 * @param usage the tokens of the step; null if the server does not report them
 * @param consumption the tokens and the cost of the task up to this step
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
        Consumption consumption) {}
