package dev.steptrail.stepformat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The last record of a task.
 *
 * @param endReason the reason for the end; null if only the status is known
 * @param message the agent's final message, or an error message
 * @param lastStepNumber the highest assigned step number, including dropped steps; 0 for a task without steps
 * @param attachments the values that were too large for the record, at most one of each field
 */
public record TaskEnded(
        UUID taskId,
        Instant timestamp,
        TaskStatus status,
        @Nullable EndReason endReason,
        @Nullable String message,
        @Nullable Integer lastStepNumber,
        List<Attachment> attachments,
        Map<String, Object> unknown)
        implements StepRecord {

    static final Set<String> FIELDS =
            Fields.recordFields("status", "end_reason", "message", "last_step_number", "attachments");

    public TaskEnded {
        timestamp = Fields.toStorable(timestamp);
        Fields.requireRange("last_step_number", lastStepNumber, 0);
        attachments = Attachment.copyOf(attachments);
        unknown = Fields.copyUnknown(unknown, FIELDS);
    }
}
