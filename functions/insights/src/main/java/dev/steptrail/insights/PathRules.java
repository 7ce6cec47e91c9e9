package dev.steptrail.insights;

import dev.steptrail.insights.Insight.EvidenceStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Rules that compare the paths of tasks with the same instruction. */
public final class PathRules {
    private static final int MIN_SAVED_STEPS = 5;
    private static final int MIN_SHORTER_TASKS = 3;
    private static final int MIN_SUCCESSES = 10;
    private static final int MIN_SHORTER_PERCENT = 10;

    private PathRules() {}

    /**
     * Reports that a task, which may be in progress, deviated from the usual path. The finding contains the step and
     * the usual action.
     *
     * @param usual the path of the successful task that is most similar to the others
     * @param task the task's moves so far
     */
    public static Optional<Finding> findDeviation(List<Move> usual, List<Move> task) {
        return Optional.ofNullable(UsualPath.findDeviation(usual, task))
                .map(deviation -> new Finding(
                        "path_deviation",
                        List.of(deviation.move().stepNumber()),
                        Map.of("usual_action", deviation.usual().text())));
    }

    /** Reports the failed tasks that deviated from the usual path, and the step where each deviated. */
    static List<Insight> findDeviations(InstructionHistory history) {
        UsualPath usual = history.usualPath();
        if (usual == null) {
            return List.of();
        }
        List<TaskDigest> failures = InstructionHistory.newestFirst(history.failures());
        List<EvidenceStep> steps = new ArrayList<>();
        for (TaskDigest task : failures) {
            UsualPath.Deviation deviation = UsualPath.findDeviation(usual.moves(), task.path());
            if (deviation != null) {
                steps.add(new EvidenceStep(task.taskId(), deviation.move().stepNumber()));
            }
        }
        return steps.isEmpty()
                ? List.of()
                : List.of(new Insight(
                        "path_deviation",
                        steps.stream().map(EvidenceStep::taskId).toList(),
                        steps,
                        Map.of("tasks", steps.size(), "failures", failures.size())));
    }

    /**
     * Suggests the path of another task if it is at least {@value #MIN_SAVED_STEPS} steps shorter. The suggestion
     * contains the steps that the other task does not have.
     *
     * @param taskId the task id of the other task
     * @param shorter the moves of the other task
     * @param task the moves of a successful task
     */
    public static Optional<Finding> suggestShorterPath(UUID taskId, List<Move> shorter, List<Move> task) {
        int saved = task.size() - shorter.size();
        if (saved < MIN_SAVED_STEPS) {
            return Optional.empty();
        }
        List<Integer> extra = PathComparison.difference(task, shorter).stream()
                .map(Move::stepNumber)
                .toList();
        return Optional.of(
                new Finding("shorter_path", extra, Map.of("saved_steps", saved, "task_id", taskId.toString())));
    }

    /**
     * Reports shorter paths if at least {@value #MIN_SHORTER_TASKS} and {@value #MIN_SHORTER_PERCENT} % of the
     * successful tasks are at least {@value #MIN_SAVED_STEPS} steps shorter than the median. Ignores tasks with missing
     * steps, because their paths are incomplete.
     */
    static List<Insight> findShorterPaths(InstructionHistory history) {
        List<TaskDigest> successes = history.select(
                task -> task.isSuccess() && task.isComplete() && !task.path().isEmpty());
        if (successes.size() < MIN_SUCCESSES) {
            return List.of();
        }
        double median = Statistics.median(lengths(successes));
        List<TaskDigest> shorter = InstructionHistory.newestFirst(successes.stream()
                .filter(task -> task.path().size() <= median - MIN_SAVED_STEPS)
                .toList());
        if (shorter.size() < MIN_SHORTER_TASKS || shorter.size() * 100 < successes.size() * MIN_SHORTER_PERCENT) {
            return List.of();
        }
        double shorterMedian = Statistics.median(lengths(shorter));
        // Not the shortest task, because it may have skipped a part of the instruction. Among equals, the newest task.
        TaskDigest typical = Collections.min(
                shorter, Comparator.comparingDouble(task -> Math.abs(task.path().size() - shorterMedian)));
        return List.of(new Insight(
                "shorter_path",
                shorter,
                Map.of(
                        "path_of", typical.taskId().toString(),
                        "usual_steps", Math.round(median),
                        "steps", Math.round(shorterMedian),
                        "saved_steps", Math.round(median - shorterMedian),
                        "tasks", successes.size(),
                        "shorter_tasks", shorter.size())));
    }

    private static double[] lengths(List<TaskDigest> tasks) {
        return tasks.stream().mapToDouble(task -> task.path().size()).toArray();
    }
}
