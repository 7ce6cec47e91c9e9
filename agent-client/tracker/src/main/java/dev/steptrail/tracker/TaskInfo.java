package dev.steptrail.tracker;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a task at its start.
 *
 * @param description the instruction that the agent was given
 * @param name the caller's name for the task
 * @param previousTaskId the id of the task that this task continues
 * @param deviceId the id of the phone; the tracker's default if null
 * @param metadata additional properties, with values as in JSON. The map is copied
 */
public record TaskInfo(
        @Nullable String description,
        @Nullable String name,
        @Nullable UUID previousTaskId,
        @Nullable String deviceId,
        Map<String, Object> metadata) {
    static final TaskInfo UNKNOWN = new TaskInfo(null, null, null, null, Map.of());

    @SuppressWarnings("ConstantValue") // a null from the agent must not cause an exception in the agent
    public TaskInfo {
        metadata = metadata == null ? Map.of() : StepData.copyOf(metadata);
    }

    /** Returns the properties of a task with an instruction only. */
    public static TaskInfo of(String description) {
        return new TaskInfo(description, null, null, null, Map.of());
    }

    public TaskInfo withName(String name) {
        return new TaskInfo(description, name, previousTaskId, deviceId, metadata);
    }

    /** Returns a copy for a task that continues the task with the id {@code previousTaskId}. */
    public TaskInfo continuing(UUID previousTaskId) {
        return new TaskInfo(description, name, previousTaskId, deviceId, metadata);
    }

    /** Returns a copy with a device id. */
    public TaskInfo onDevice(String deviceId) {
        return new TaskInfo(description, name, previousTaskId, deviceId, metadata);
    }

    public TaskInfo withMetadata(Map<String, Object> metadata) {
        return new TaskInfo(description, name, previousTaskId, deviceId, metadata);
    }
}
