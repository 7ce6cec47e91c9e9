package dev.steptrail.insights;

import dev.steptrail.insights.Insight.StepOfRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Compares paths of runs with the same instruction: all with each other, or one with the others. */
public final class PathRules {
    private static final int MIN_SAVED = 5;
    private static final int MIN_SHORTER_RUNS = 3;
    private static final int MIN_SUCCESSES = 10;
    private static final int ONE_IN = 10;

    private PathRules() {}

    /**
     * Returns the early warning that a run has left the path of successful runs: the step with which it did, and what
     * other runs do instead.
     *
     * @param usual the path of the run that is most similar to the others
     * @param run the run's moves so far
     */
    public static Optional<Finding> leftUsualPath(List<Move> usual, List<Move> run) {
        return Optional.ofNullable(UsualPath.departure(usual, run))
                .map(left -> new Finding(
                        "left_usual_path",
                        List.of(left.by().stepNumber()),
                        Map.of("others_do", left.instead().text())));
    }

    /** Returns the runs that left the path of successful runs and failed, and the step with which each left it. */
    static List<Insight> leftUsualPath(TextHistory history) {
        UsualPath usual = history.usualPath();
        if (usual == null) {
            return List.of();
        }
        List<RunDigest> failures = TextHistory.newestFirst(history.failures());
        List<StepOfRun> steps = new ArrayList<>();
        for (RunDigest run : failures) {
            UsualPath.Departure where = UsualPath.departure(usual.moves(), run.path());
            if (where != null) {
                steps.add(new StepOfRun(run.taskId(), where.by().stepNumber()));
            }
        }
        return steps.isEmpty()
                ? List.of()
                : List.of(new Insight(
                        "left_usual_path",
                        steps.stream().map(StepOfRun::taskId).toList(),
                        steps,
                        Map.of("runs", steps.size(), "failures", failures.size())));
    }

    /**
     * Suggests the path of another run if that is at least {@value #MIN_SAVED} steps shorter. The suggestion contains
     * this run's steps that the other run does not have.
     *
     * @param taskId the other run
     * @param shorter the other run's moves
     * @param run the moves of a successful run
     */
    public static Optional<Suggestion> shorterPath(UUID taskId, List<Move> shorter, List<Move> run) {
        int saved = run.size() - shorter.size();
        if (saved < MIN_SAVED) {
            return Optional.empty();
        }
        List<Integer> extra =
                Paths.difference(run, shorter).stream().map(Move::stepNumber).toList();
        return Optional.of(
                new Suggestion("shorter_path", extra, Map.of("saved_steps", saved, "task_id", taskId.toString())));
    }

    /**
     * Reports if some successful runs, at least {@value #MIN_SHORTER_RUNS} and one in ten, are at least
     * {@value #MIN_SAVED} steps shorter than the median. Ignores runs with missing steps, because their paths are
     * incomplete.
     */
    static List<Insight> shorterPath(TextHistory history) {
        List<RunDigest> successes = history.select(
                run -> run.isSuccess() && run.isWhole() && !run.path().isEmpty());
        if (successes.size() < MIN_SUCCESSES) {
            return List.of();
        }
        double usual = Statistics.median(lengths(successes));
        List<RunDigest> shorter = TextHistory.newestFirst(successes.stream()
                .filter(run -> run.path().size() <= usual - MIN_SAVED)
                .toList());
        if (shorter.size() < MIN_SHORTER_RUNS || shorter.size() * ONE_IN < successes.size()) {
            return List.of();
        }
        double length = Statistics.median(lengths(shorter));
        // Takes the run whose length is nearest to the median of the shorter ones, the newest if there are several. The
        // shortest may have
        // skipped a part of the task.
        RunDigest typical = Collections.min(
                shorter, Comparator.comparingDouble(run -> Math.abs(run.path().size() - length)));
        return List.of(new Insight(
                "shorter_path",
                shorter,
                Map.of(
                        "path_of", typical.taskId().toString(),
                        "usual_steps", Math.round(usual),
                        "steps", Math.round(length),
                        "saved_steps", Math.round(usual - length),
                        "runs", successes.size(),
                        "shorter_runs", shorter.size())));
    }

    private static double[] lengths(List<RunDigest> runs) {
        return runs.stream().mapToDouble(run -> run.path().size()).toArray();
    }
}
