package dev.steptrail.stepformat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The first record of a task.
 *
 * @param name a name for the task, chosen by the caller
 * @param description the instruction that the agent was given
 * @param agent the agent program, such as {@code Open-AutoGLM}
 * @param model the name of the model
 * @param deviceId the phone's id in its driver
 * @param previousTaskId the id of the task that this task continues after a restart of the agent
 * @param onBehalfOf the owner of the task if the sender records for another user
 * @param metadata additional data from the caller
 * @param experimentCase the task's place in an experiment; {@link ExperimentCase#NONE} if it is in none
 * @param attachments the values that were too large for the record, at most one of each field
 */
public record TaskStarted(
        UUID taskId,
        Instant timestamp,
        @Nullable String name,
        @Nullable String description,
        @Nullable String agent,
        @Nullable String model,
        @Nullable String deviceId,
        @Nullable UUID previousTaskId,
        @Nullable String onBehalfOf,
        Map<String, Object> metadata,
        ExperimentCase experimentCase,
        List<Attachment> attachments,
        Map<String, Object> unknown)
        implements StepRecord {

    static final Set<String> FIELDS = Fields.recordFields(
            "name",
            "description",
            "agent",
            "model",
            "device_id",
            "previous_task_id",
            "on_behalf_of",
            "metadata",
            "experiment",
            "case_id",
            "repeat",
            "attributes",
            "attachments");

    public TaskStarted {
        timestamp = Fields.toStorable(timestamp);
        metadata = JsonValues.copyOf(metadata);
        attachments = Attachment.copyOf(attachments);
        unknown = Fields.copyUnknown(unknown, FIELDS);
    }
}
