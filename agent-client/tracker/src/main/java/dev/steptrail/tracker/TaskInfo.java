package dev.steptrail.tracker;

import dev.steptrail.stepformat.ExperimentCase;
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
 * @param experimentCase the task's place in an experiment
 */
public record TaskInfo(
        @Nullable String description,
        @Nullable String name,
        @Nullable UUID previousTaskId,
        @Nullable String deviceId,
        Map<String, Object> metadata,
        ExperimentCase experimentCase) {
    static final TaskInfo UNKNOWN = new TaskInfo(null, null, null, null, Map.of(), ExperimentCase.NONE);

    @SuppressWarnings("ConstantValue") // a null from the agent must not cause an exception in the agent
    public TaskInfo {
        metadata = metadata == null ? Map.of() : StepData.copyOf(metadata);
        experimentCase = experimentCase == null ? ExperimentCase.NONE : experimentCase;
    }

    /** Returns the properties of a task with an instruction only. */
    public static TaskInfo of(String description) {
        return new TaskInfo(description, null, null, null, Map.of(), ExperimentCase.NONE);
    }

    public TaskInfo withName(String name) {
        return new TaskInfo(description, name, previousTaskId, deviceId, metadata, experimentCase);
    }

    /** Returns a copy for a task that continues the task with the id {@code previousTaskId}. */
    public TaskInfo continuing(UUID previousTaskId) {
        return new TaskInfo(description, name, previousTaskId, deviceId, metadata, experimentCase);
    }

    /** Returns a copy with a device id. */
    public TaskInfo onDevice(String deviceId) {
        return new TaskInfo(description, name, previousTaskId, deviceId, metadata, experimentCase);
    }

    public TaskInfo withMetadata(Map<String, Object> metadata) {
        return new TaskInfo(description, name, previousTaskId, deviceId, metadata, experimentCase);
    }

    /**
     * Returns a copy for a repeat of a case of an experiment. Names are truncated to 200 characters; invalid names and
     * a negative repeat are ignored.
     *
     * @param experiment the name of the experiment, see {@link ExperimentCase#isName}
     * @param caseId the id of the case in its suite
     * @param repeat the number of the repeat, 0 or more
     */
    public TaskInfo inExperiment(@Nullable String experiment, @Nullable String caseId, @Nullable Integer repeat) {
        String name = StepData.truncateName(experiment, ExperimentCase.MAX_LENGTH);
        return withExperimentCase(new ExperimentCase(
                name != null && ExperimentCase.isName(name) ? name : null,
                StepData.truncateName(caseId, ExperimentCase.MAX_LENGTH),
                repeat == null || repeat < 0 ? null : repeat,
                experimentCase.attributes()));
    }

    /**
     * Returns a copy with what the experiment varies, such as {@code app_version} and {@code prompt_version}. The map
     * is copied; values are as in JSON.
     */
    public TaskInfo withAttributes(Map<String, Object> attributes) {
        return withExperimentCase(new ExperimentCase(
                experimentCase.experiment(),
                experimentCase.caseId(),
                experimentCase.repeat(),
                StepData.copyOf(attributes)));
    }

    private TaskInfo withExperimentCase(ExperimentCase newCase) {
        return new TaskInfo(description, name, previousTaskId, deviceId, metadata, newCase);
    }
}
