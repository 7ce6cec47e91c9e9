package dev.steptrail.insights;

import dev.steptrail.insights.Insight.StepOfRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Compares the paths of runs of one task text: of all runs with each other, and of one run, which may still be under way, with the others. */
public final class PathRules {
    private static final int LEAST_SAVED = 5;
    private static final int LEAST_SHORTER_RUNS = 3;
    private static final int LEAST_SUCCESSES = 10;
    private static final int EACH = 10;

    private PathRules() {}

    /**
     * Returns the early warning that a run left the path on which the others succeed, with which step, and what they do instead.
     *
     * @param usual the path of the run that is most like the others
     * @param run its moves so far
     */
    public static Optional<Finding> leftUsualPath(List<Move> usual, List<Move> run) {
        return Optional.ofNullable(UsualPath.left(usual, run))
                .map(left -> new Finding(
                        "left_usual_path",
                        List.of(left.by().stepNumber()),
                        Map.of("others_do", left.instead().told())));
    }

    /** Returns runs that failed once they had left the path on which others succeed, and the step with which each left it. */
    static List<Insight> leftUsualPath(TextHistory history) {
        UsualPath usual = history.usualPath();
        if (usual == null) {
            return List.of();
        }
        List<RunDigest> failures = TextHistory.newestFirst(history.failures());
        List<StepOfRun> steps = new ArrayList<>();
        for (RunDigest run : failures) {
            UsualPath.Left where = UsualPath.left(usual.moves(), run.path());
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
     * Returns that another run did the same in at least {@value #LEAST_SAVED} steps less, and which of this one's steps it did without.
     *
     * @param taskId the other
     * @param shorter its moves
     * @param run the moves of one that succeeded
     */
    public static Optional<Suggestion> shorterPath(UUID taskId, List<Move> shorter, List<Move> run) {
        int saved = run.size() - shorter.size();
        if (saved < LEAST_SAVED) {
            return Optional.empty();
        }
        List<Integer> spared =
                Paths.besides(run, shorter).stream().map(Move::stepNumber).toList();
        return Optional.of(
                new Suggestion("shorter_path", spared, Map.of("saved_steps", saved, "task_id", taskId.toString())));
    }

    /**
     * Returns whether some of the runs that succeed, at least {@value #LEAST_SHORTER_RUNS} and every tenth, do it in at least
     * {@value #LEAST_SAVED} steps less than is usual. Runs with missing steps are left out: they are shorter than they were.
     */
    static List<Insight> shorterPath(TextHistory history) {
        List<RunDigest> successes = history.those(
                run -> run.isSuccess() && run.isWhole() && !run.path().isEmpty());
        if (successes.size() < LEAST_SUCCESSES) {
            return List.of();
        }
        double usual = Statistics.median(lengths(successes));
        List<RunDigest> shorter = TextHistory.newestFirst(successes.stream()
                .filter(run -> run.path().size() <= usual - LEAST_SAVED)
                .toList());
        if (shorter.size() < LEAST_SHORTER_RUNS || shorter.size() * EACH < successes.size()) {
            return List.of();
        }
        double length = Statistics.median(lengths(shorter));
        // The newest of those whose length is nearest to the median of the shorter ones: the shortest may have left
        // something out.
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
