package dev.steptrail.tracker;

import dev.steptrail.stepformat.FrameRole;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The step to which a screenshot belongs, with its original texts, for a {@link ScreenshotRedactor}.
 *
 * @param role the moment of the step that the screenshot shows
 * @param sensitive whether the agent marked the screenshot as sensitive
 * @param thinking the model's reasoning before the action
 * @param action the action of the step
 */
public record StepContext(
        UUID taskId,
        int stepNumber,
        String stepType,
        FrameRole role,
        boolean sensitive,
        @Nullable String thinking,
        @Nullable Map<String, Object> action) {}
