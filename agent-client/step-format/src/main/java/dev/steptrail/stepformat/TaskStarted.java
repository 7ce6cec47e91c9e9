package dev.steptrail.stepformat;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The first record of a task: what is to be done, by whom and on which device.
 *
 * @param name the caller's own name for the task
 * @param description what the agent was asked to do
 * @param agent the program that acts, such as {@code Open-AutoGLM}
 * @param model the model that decides
 * @param deviceId the phone, as its driver names it
 * @param continues the task that this one takes up again after its agent was restarted
 * @param onBehalfOf the owner, where the sender records for somebody else
 * @param metadata whatever else the caller wants kept
 */
public record TaskStarted(
        UUID taskId,
        Instant timestamp,
        @Nullable String name,
        @Nullable String description,
        @Nullable String agent,
        @Nullable String model,
        @Nullable String deviceId,
        @Nullable UUID continues,
        @Nullable String onBehalfOf,
        Map<String, Object> metadata,
        Map<String, Object> unknown)
        implements StepRecord {

    static final Set<String> FIELDS = Fields.ofRecord(
            "name", "description", "agent", "model", "device_id", "continues", "on_behalf_of", "metadata");

    public TaskStarted {
        timestamp = Fields.storable(timestamp);
        metadata = JsonValues.copyOf(metadata);
        unknown = Fields.unknown(unknown, FIELDS);
    }
}
