package dev.steptrail.stepformat;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The last record of a task.
 *
 * @param status how it ended
 * @param ending why it ended, where the recorder knows more than the status says
 * @param message what the agent said at the end, or what went wrong
 * @param lastStepNumber the highest number that was given to a step, dropped ones included; 0 for a task without steps
 */
public record TaskEnded(
        UUID taskId,
        Instant timestamp,
        TaskStatus status,
        @Nullable Ending ending,
        @Nullable String message,
        @Nullable Integer lastStepNumber,
        Map<String, Object> unknown)
        implements StepRecord {

    static final Set<String> FIELDS = Fields.ofRecord("status", "ending", "message", "last_step_number");

    public TaskEnded {
        timestamp = Fields.storable(timestamp);
        Fields.requireRange("last_step_number", lastStepNumber, 0);
        unknown = Fields.unknown(unknown, FIELDS);
    }
}
