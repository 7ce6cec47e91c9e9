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
 * One step of an agent: what it saw, thought and did, and how that went. {@code (taskId, stepNumber)} is its key.
 *
 * @param stepNumber from 1; a missing number is a lost step
 * @param stepType {@link StepType one of the usual names}, or the caller's own, 1 to 100 characters
 * @param thinking what the model said before it acted
 * @param action what the agent did, as it says itself, such as {@code {"action":"Tap","element":[499,842]}}
 * @param actionResult what came of it
 * @param duration how long the step took, in whole milliseconds, at most 2147483647 of them
 * @param success whether it went well; null if unknown
 * @param errorMessage what went wrong
 * @param timings durations of its parts in milliseconds: {@code time_to_first_token_ms}, {@code model_ms}, …
 * @param resources what it used: {@code cpu}, {@code memory}, …
 * @param frames its pictures as recorded, in the outbox
 * @param screenshots its pictures as shipped
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
        List<Frame> frames,
        List<Screenshot> screenshots,
        Map<String, Object> unknown)
        implements StepRecord {

    /** 24 days. However many steps a task has, the sum of their durations fits into 64 bits. */
    public static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

    /** No step is stored with more; of others the first ones. */
    public static final int MAX_SCREENSHOTS = 100;

    /** The fields of its JSON that have a meaning here, which no {@code unknown} one may have as its name. */
    public static final Set<String> FIELDS = Fields.ofRecord(
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
            "frames",
            "screenshots");

    private static final String LOST = "lost_screenshots";

    public Step {
        timestamp = Fields.storable(timestamp);
        Fields.requireRange("step_number", stepNumber, 1);
        if (stepType.isEmpty() || stepType.codePointCount(0, stepType.length()) > StepType.MAX_LENGTH) {
            throw new IllegalArgumentException("step_type: must have 1 to " + StepType.MAX_LENGTH + " characters");
        }
        action = action == null ? null : JsonValues.copyOf(action);
        actionResult = actionResult == null ? null : JsonValues.copyOf(actionResult);
        if (duration != null) {
            if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("duration_ms: " + Fields.range(0, LONGEST.toMillis()));
            }
            duration = duration.truncatedTo(ChronoUnit.MILLIS);
        }
        timings = JsonValues.copyOf(timings);
        resources = JsonValues.copyOf(resources);
        frames = List.copyOf(frames);
        screenshots = List.copyOf(screenshots);
        unknown = Fields.unknown(unknown, FIELDS);
    }

    /**
     * This step with its frames shipped: {@code frames} is empty. {@code lost_screenshots} is what it contained already,
     * and then {@code lost}.
     *
     * @param shipped what became of those that could be shipped
     * @param lost what became of the others: each with its {@code role} and the {@code reason}
     */
    public Step shippedAs(List<Screenshot> shipped, List<Map<String, Object>> lost) {
        Map<String, Object> more = new LinkedHashMap<>(unknown);
        if (!lost.isEmpty()) {
            more.merge(LOST, lost, Step::together);
        }
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
                List.of(),
                shipped,
                more);
    }

    /** Keeps what the recorder wrote, of any type. */
    private static Object together(Object recorded, Object lost) {
        List<Object> all = new ArrayList<>(recorded instanceof List<?> list ? list : List.of(recorded));
        all.addAll((List<?>) lost);
        return all;
    }
}
