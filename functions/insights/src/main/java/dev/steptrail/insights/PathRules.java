package dev.steptrail.insights;

import dev.steptrail.insights.Insight.EvidenceStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Rules that compare the paths of runs with the same instruction. */
public final class PathRules {
    private static final int MIN_SAVED_STEPS = 5;
    private static final int MIN_SHORTER_RUNS = 3;
    private static final int MIN_SUCCESSES = 10;
    private static final int MIN_SHORTER_PERCENT = 10;

    private PathRules() {}

    /**
     * Reports if a run, which may be in progress, deviates from the usual path. The finding contains the step and the
     * usual action.
     *
     * @param usual the path of the successful run that is most similar to the others
     * @param run the run's moves so far
     */
    public static Optional<Finding> findDeviation(List<Move> usual, List<Move> run) {
        return Optional.ofNullable(UsualPath.findDeviation(usual, run))
                .map(deviation -> new Finding(
                        "path_deviation",
                        List.of(deviation.move().stepNumber()),
                        Map.of("usual_action", deviation.usual().text())));
    }

    /** Reports the failed runs that deviated from the usual path, and the step where each deviated. */
    static List<Insight> findDeviations(InstructionHistory history) {
        UsualPath usual = history.usualPath();
        if (usual == null) {
            return List.of();
        }
        List<RunDigest> failures = InstructionHistory.newestFirst(history.failures());
        List<EvidenceStep> steps = new ArrayList<>();
        for (RunDigest run : failures) {
            UsualPath.Deviation deviation = UsualPath.findDeviation(usual.moves(), run.path());
            if (deviation != null) {
                steps.add(new EvidenceStep(run.taskId(), deviation.move().stepNumber()));
            }
        }
        return steps.isEmpty()
                ? List.of()
                : List.of(new Insight(
                        "path_deviation",
                        steps.stream().map(EvidenceStep::taskId).toList(),
                        steps,
                        Map.of("runs", steps.size(), "failures", failures.size())));
    }

    /**
     * Suggests the path of another run if it is at least {@value #MIN_SAVED_STEPS} steps shorter. The suggestion
     * contains the steps that the other run does not have.
     *
     * @param taskId the task id of the other run
     * @param shorter the moves of the other run
     * @param run the moves of a successful run
     */
    public static Optional<Suggestion> suggestShorterPath(UUID taskId, List<Move> shorter, List<Move> run) {
        int saved = run.size() - shorter.size();
        if (saved < MIN_SAVED_STEPS) {
            return Optional.empty();
        }
        List<Integer> extra = PathComparison.difference(run, shorter).stream()
                .map(Move::stepNumber)
                .toList();
        return Optional.of(
                new Suggestion("shorter_path", extra, Map.of("saved_steps", saved, "task_id", taskId.toString())));
    }

    /**
     * Reports if at least {@value #MIN_SHORTER_RUNS} and {@value #MIN_SHORTER_PERCENT} % of the successful runs are at
     * least {@value #MIN_SAVED_STEPS} steps shorter than the median. Ignores runs with missing steps, because their
     * paths are incomplete.
     */
    static List<Insight> findShorterPaths(InstructionHistory history) {
        List<RunDigest> successes = history.select(
                run -> run.isSuccess() && run.isComplete() && !run.path().isEmpty());
        if (successes.size() < MIN_SUCCESSES) {
            return List.of();
        }
        double median = Statistics.median(lengths(successes));
        List<RunDigest> shorter = InstructionHistory.newestFirst(successes.stream()
                .filter(run -> run.path().size() <= median - MIN_SAVED_STEPS)
                .toList());
        if (shorter.size() < MIN_SHORTER_RUNS || shorter.size() * 100 < successes.size() * MIN_SHORTER_PERCENT) {
            return List.of();
        }
        double shorterMedian = Statistics.median(lengths(shorter));
        // The run nearest to the median of the shorter runs, the newest if there are several. The shortest run may have
        // skipped a part of the task.
        RunDigest typical = Collections.min(
                shorter, Comparator.comparingDouble(run -> Math.abs(run.path().size() - shorterMedian)));
        return List.of(new Insight(
                "shorter_path",
                shorter,
                Map.of(
                        "path_of", typical.taskId().toString(),
                        "usual_steps", Math.round(median),
                        "steps", Math.round(shorterMedian),
                        "saved_steps", Math.round(median - shorterMedian),
                        "runs", successes.size(),
                        "shorter_runs", shorter.size())));
    }

    private static double[] lengths(List<RunDigest> runs) {
        return runs.stream().mapToDouble(run -> run.path().size()).toArray();
    }
}
