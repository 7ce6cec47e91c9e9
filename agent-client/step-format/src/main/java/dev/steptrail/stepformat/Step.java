package dev.steptrail.stepformat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One step of an agent. {@code (taskId, stepNumber)} is its key.
 *
 * @param stepNumber starts at 1; a missing number means that a step was lost
 * @param stepType a {@link StepType predefined type}, or any other name of 1 to 100 characters
 * @param thinking the model's reasoning before the action
 * @param action the action in the agent's own format, such as {@code {"action":"Tap","element":[499,842]}}
 * @param actionResult the result of the action
 * @param duration truncated to milliseconds, 0 to {@link #MAX_DURATION}
 * @param success null if unknown
 * @param timings durations of parts of the step in milliseconds: {@code time_to_first_token_ms}, {@code model_ms}, …
 * @param resources resource usage: {@code cpu}, {@code memory}, …
 * @param modelCall the model's tokens and, if the recorder keeps them, its input and output; {@link ModelCall#NONE} if
 *     nothing is known
 * @param attachments the values that were too large for the record, at most one of each field
 * @param frames the images before the upload, in the outbox
 * @param screenshots the uploaded images
 */
public record Step(
        UUID taskId,
        Instant timestamp,
        int stepNumber,
        String stepType,
        @Nullable String thinking,
        @Nullable Map<String, Object> action,
        @Nullable Map<String, Object> actionResult,
        @Nullable Duration duration,
        @Nullable Boolean success,
        @Nullable String errorMessage,
        Map<String, Object> timings,
        Map<String, Object> resources,
        ModelCall modelCall,
        List<Attachment> attachments,
        List<Frame> frames,
        List<Screenshot> screenshots,
        Map<String, Object> unknown)
        implements StepRecord {

    /** The maximum duration, 24 days. The sum of the durations of a task's steps then fits into 64 bits. */
    public static final Duration MAX_DURATION = Duration.ofMillis(Integer.MAX_VALUE);

    /** The maximum number of stored screenshots of a step. Further screenshots are not stored. */
    public static final int MAX_SCREENSHOTS = 100;

    /** The names of the JSON fields that this version defines. {@code unknown} must not contain them. */
    public static final Set<String> FIELDS = Fields.recordFields(
            "step_number",
            "step_type",
            "thinking",
            "action",
            "action_result",
            "duration_ms",
            "success",
            "error_message",
            "timings",
            "resources",
            "usage",
            ModelCall.INPUT,
            ModelCall.OUTPUT,
            "attachments",
            "frames",
            "screenshots");

    private static final String LOST_SCREENSHOTS = "lost_screenshots";

    public Step {
        timestamp = Fields.toStorable(timestamp);
        Fields.requireRange("step_number", stepNumber, 1);
        Fields.requireLength("step_type", stepType, StepType.MAX_LENGTH);
        action = action == null ? null : JsonValues.copyOf(action);
        actionResult = actionResult == null ? null : JsonValues.copyOf(actionResult);
        if (duration != null) {
            if (duration.isNegative() || duration.compareTo(MAX_DURATION) > 0) {
                throw new IllegalArgumentException("duration_ms: " + Fields.rangeRule(0, MAX_DURATION.toMillis()));
            }
            duration = duration.truncatedTo(ChronoUnit.MILLIS);
        }
        timings = JsonValues.copyOf(timings);
        resources = JsonValues.copyOf(resources);
        attachments = Attachment.copyOf(attachments);
        frames = List.copyOf(frames);
        screenshots = List.copyOf(screenshots);
        unknown = Fields.copyUnknown(unknown, FIELDS);
    }

    /**
     * Returns a copy with screenshots instead of frames. Appends {@code lost} to the existing {@code lost_screenshots}.
     *
     * @param uploaded the screenshots of the uploaded frames
     * @param lost the {@code role} and {@code reason} of each other frame
     */
    public Step withScreenshots(List<Screenshot> uploaded, List<Map<String, Object>> lost) {
        Map<String, Object> newUnknown = new LinkedHashMap<>(unknown);
        if (!lost.isEmpty()) {
            newUnknown.merge(LOST_SCREENSHOTS, lost, Step::concat);
        }
        return copy(modelCall, attachments, List.of(), uploaded, newUnknown);
    }

    /** Returns a copy with other attachments. */
    public Step withAttachments(List<Attachment> newAttachments) {
        return copy(modelCall, newAttachments, frames, screenshots, unknown);
    }

    /** Returns a copy with another model call. */
    public Step withModelCall(ModelCall newModelCall) {
        return copy(newModelCall, attachments, frames, screenshots, unknown);
    }

    private Step copy(
            ModelCall newModelCall,
            List<Attachment> newAttachments,
            List<Frame> newFrames,
            List<Screenshot> newScreenshots,
            Map<String, Object> newUnknown) {
        return new Step(
                taskId,
                timestamp,
                stepNumber,
                stepType,
                thinking,
                action,
                actionResult,
                duration,
                success,
                errorMessage,
                timings,
                resources,
                newModelCall,
                newAttachments,
                newFrames,
                newScreenshots,
                newUnknown);
    }

    /** Appends {@code lost} to the value in the record, which is unvalidated JSON. */
    private static Object concat(Object recorded, Object lost) {
        List<Object> all = new ArrayList<>(recorded instanceof List<?> list ? list : List.of(recorded));
        all.addAll((List<?>) lost);
        return all;
    }
}
