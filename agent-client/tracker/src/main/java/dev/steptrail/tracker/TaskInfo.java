package dev.steptrail.tracker;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a task when it starts.
 *
 * @param description what the agent was asked to do
 * @param name the caller's own name for the task
 * @param continues the task that this one takes up again
 * @param deviceId the phone, as its driver names it; the tracker's if null
 * @param metadata whatever else is to be kept; values as in JSON. Copied, so that the agent may go on with its own
 */
public record TaskInfo(
        @Nullable String description,
        @Nullable String name,
        @Nullable UUID continues,
        @Nullable String deviceId,
        Map<String, Object> metadata) {
    static final TaskInfo UNKNOWN = new TaskInfo(null, null, null, null, Map.of());

    @SuppressWarnings("ConstantValue") // an agent's null must not surface as an exception in the agent
    public TaskInfo {
        metadata = metadata == null ? Map.of() : StepData.copyOf(metadata);
    }

    /** A task of which only {@code description} is known. */
    public static TaskInfo of(String description) {
        return new TaskInfo(description, null, null, null, Map.of());
    }

    /** The same with the caller's own name. */
    public TaskInfo withName(String name) {
        return new TaskInfo(description, name, continues, deviceId, metadata);
    }

    /** The same as the continuation of {@code task}. */
    public TaskInfo continuing(UUID task) {
        return new TaskInfo(description, name, task, deviceId, metadata);
    }

    /** The same on the phone that its driver names so. */
    public TaskInfo onDevice(String deviceId) {
        return new TaskInfo(description, name, continues, deviceId, metadata);
    }

    /** The same with {@code metadata}. */
    public TaskInfo withMetadata(Map<String, Object> metadata) {
        return new TaskInfo(description, name, continues, deviceId, metadata);
    }
}
