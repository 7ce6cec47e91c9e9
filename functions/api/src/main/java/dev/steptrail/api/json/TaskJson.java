package dev.steptrail.api.json;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.usage.Cost;
import dev.steptrail.store.usage.TaskUsage;
import dev.steptrail.store.usage.UsageRepository;
import org.jspecify.annotations.Nullable;

/** A task with its tokens and their cost. Both are null if no tokens of the task are known. */
public record TaskJson(
        @JsonUnwrapped Task task,
        @Nullable Tokens usage,
        @Nullable Cost cost) {
    private record Tokens(long inputTokens, long cachedTokens, long outputTokens) {}

    /** Reads the usage of a task. */
    public static TaskJson read(Task task, UsageRepository usage) {
        return of(task, usage.ofTask(task.taskId()).orElse(null));
    }

    /**
     * Returns the task with this usage.
     *
     * @param usage null if no tokens of the task are known
     */
    public static TaskJson of(Task task, @Nullable TaskUsage usage) {
        return usage == null
                ? new TaskJson(task, null, null)
                : new TaskJson(
                        task,
                        new Tokens(usage.inputTokens(), usage.cachedTokens(), usage.outputTokens()),
                        usage.cost());
    }
}
