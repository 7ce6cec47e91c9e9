package dev.steptrail.cli.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The data of a task that rules read.
 *
 * @param message the agent's final message; null if there is none
 * @param stepCount the number of steps, including those that were lost
 * @param steps the stored steps in order
 */
public record TaskFacts(@Nullable String message, long stepCount, List<StepFacts> steps) {
    public TaskFacts {
        steps = List.copyOf(steps);
    }

    /** Reads a task as returned by the API, whose steps were read before. */
    public static TaskFacts of(JsonNode task, List<StepFacts> steps) {
        return new TaskFacts(
                task.path("message").textValue(),
                Math.max(
                        task.path("total_steps").asLong(),
                        task.path("last_step_number").asLong()),
                steps);
    }

    /**
     * The data of a step that rules read.
     *
     * @param succeeded null if the step has no result
     * @param error the error message; null if there is none
     * @param currentApp the app on the screen before the action; null if the recorder did not record it
     * @param mayChangeScreen whether the action did not fail, and is not one that only waits or notes something
     * @param launchedApp the app that the action launches; null if it is another action
     * @param lastScreen the last screenshot; null if there is none
     */
    public record StepFacts(
            int number,
            @Nullable Boolean succeeded,
            @Nullable String error,
            @Nullable String currentApp,
            boolean mayChangeScreen,
            @Nullable String launchedApp,
            @Nullable Screen lastScreen) {
        /** Actions that send no input to the phone, in lower case. */
        private static final Set<String> PASSIVE_ACTIONS =
                Set.of("wait", "note", "call_api", "interact", "take_over", "finish");

        /** Reads a step as returned by the API. */
        public static StepFacts of(JsonNode step) {
            String error = step.path("error_message").textValue();
            JsonNode action = step.path("action");
            String actionName = action.path("action").asText().toLowerCase(Locale.ROOT);
            Boolean succeeded = succeeded(step.path("success"), error);
            return new StepFacts(
                    step.path("step_number").asInt(),
                    succeeded,
                    error,
                    step.path("current_app").textValue(),
                    !action.isEmpty() && !Boolean.FALSE.equals(succeeded) && !PASSIVE_ACTIONS.contains(actionName),
                    actionName.equals("launch") ? action.path("app").textValue() : null,
                    lastScreen(step.path("screenshots")));
        }

        /** A step with an error has failed, even if it has no {@code success} field. */
        private static @Nullable Boolean succeeded(JsonNode success, @Nullable String error) {
            if (success.isBoolean()) {
                return success.booleanValue();
            }
            return error == null ? null : Boolean.FALSE;
        }

        /** Returns the last screenshot after the action; without one, the last one before it, else any other. */
        private static @Nullable Screen lastScreen(JsonNode screenshots) {
            for (String role : List.of("after", "before", "other")) {
                List<JsonNode> ofRole = screenshots
                        .valueStream()
                        .filter(screenshot ->
                                role.equals(screenshot.path("role").textValue()))
                        .toList();
                if (!ofRole.isEmpty()) {
                    JsonNode last = ofRole.get(ofRole.size() - 1);
                    return new Screen(role, last.path("perceptual_hash").textValue());
                }
            }
            return null;
        }
    }

    /**
     * A screenshot.
     *
     * @param role {@code before}, {@code after} or {@code other}
     * @param perceptualHash in hexadecimal; null if it is unknown
     */
    public record Screen(String role, @Nullable String perceptualHash) {}
}
