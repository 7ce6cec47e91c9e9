package dev.steptrail.tracker;

import dev.steptrail.stepformat.FrameRole;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The step that a picture belongs to.
 *
 * @param role which moment of the step the picture shows
 * @param sensitive whether the agent said that it may show what only its owner should see
 * @param thinking what the model said before it acted, as the agent told it
 * @param action what the agent did, as it told it
 */
public record StepContext(
        UUID taskId,
        int stepNumber,
        String stepType,
        FrameRole role,
        boolean sensitive,
        @Nullable String thinking,
        @Nullable Map<String, Object> action) {}
