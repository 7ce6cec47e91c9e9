package dev.steptrail.insights;

import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The tasks with one instruction. Lists of tasks are sorted from oldest to newest. Immutable. */
final class InstructionHistory {
    private final List<TaskDigest> tasks;
    private final @Nullable UsualPath usualPath;

    InstructionHistory(List<TaskDigest> tasks) {
        this.tasks = tasks.stream()
                .sorted(Comparator.comparing(TaskDigest::startedAt).thenComparing(TaskDigest::taskId))
                .toList();
        this.usualPath = UsualPath.find(successes());
    }

    /** Returns the tasks whose outcome is known. */
    List<TaskDigest> ended() {
        return select(task -> task.succeeded() != null);
    }

    List<TaskDigest> successes() {
        return select(TaskDigest::isSuccess);
    }

    List<TaskDigest> failures() {
        return select(TaskDigest::isFailure);
    }

    List<TaskDigest> select(Predicate<TaskDigest> condition) {
        return tasks.stream().filter(condition).toList();
    }

    /** Returns the usual path; null if there are too few successes or their paths differ too much. */
    @Nullable
    UsualPath usualPath() {
        return usualPath;
    }

    /** Returns the known durations of the successful ones among these tasks, in milliseconds. */
    static double[] durations(List<TaskDigest> tasks) {
        return tasks.stream()
                .filter(task -> task.isSuccess() && task.durationMs() != null)
                .mapToDouble(TaskDigest::durationMs)
                .toArray();
    }

    /** Sorts tasks from newest to oldest, the order in which insights list them. */
    static List<TaskDigest> newestFirst(List<TaskDigest> tasks) {
        return tasks.stream()
                .sorted(Comparator.comparing(TaskDigest::startedAt)
                        .thenComparing(TaskDigest::taskId)
                        .reversed())
                .toList();
    }
}
