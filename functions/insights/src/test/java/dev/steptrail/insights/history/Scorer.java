package dev.steptrail.insights.history;

import dev.steptrail.insights.InstructionText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Compares the results of the rules with the planted problems of a history, by kind. */
public final class Scorer {
    /** The first step off a path can be distinguished from noise only within this many steps. */
    private static final int TOLERANCE = 2;

    private final List<Planted> planted;
    private final Map<String, Set<Object>> found = new TreeMap<>();
    private final List<Planted.Loop> loops = new ArrayList<>();

    /**
     * How well a kind of problem was found.
     *
     * @param found all findings
     * @param right the findings that were planted
     * @param planted all planted problems
     * @param hit the planted problems that were found
     */
    public record Score(int found, int right, int planted, int hit) {
        /** The share of the findings that were planted. */
        public double precision() {
            return found == 0 ? 1 : (double) right / found;
        }

        /** The share of the planted problems that were found. */
        public double recall() {
            return planted == 0 ? 1 : (double) hit / planted;
        }
    }

    public Scorer(History history) {
        this.planted = history.planted();
    }

    /** Adds a finding or suggestion about one run. */
    public void addToRun(UUID taskId, String kind, List<Integer> steps, Map<String, ?> figures) {
        switch (kind) {
            case "loop" -> loops.add(new Planted.Loop(taskId, steps));
            case "unknown_app" -> add(kind, List.of(taskId, String.valueOf(figures.get("app"))));
            case "too_many_waits", "take_over" -> add(kind, taskId);
            default -> {
                // A kind that is not planted is not scored.
            }
        }
    }

    /**
     * Adds an insight about several runs.
     *
     * @param instruction as {@link InstructionText} normalises instructions
     * @param steps each as {@code task_id.step_number}
     */
    public void addToRuns(
            String kind, String instruction, List<UUID> runs, List<String> steps, Map<String, ?> figures) {
        switch (kind) {
            case "flaky", "shorter_path" -> add(kind, instruction);
            case "regression" ->
                add(kind, List.of(instruction, figures.get("dimension"), figures.get("from"), figures.get("to")));
            case "slow_step", "path_deviation" -> steps.forEach(step -> add(kind, step));
            case "similar_failures" -> add(kind, Set.copyOf(runs));
            default -> {
                // A kind that is not planted is not scored.
            }
        }
    }

    private void add(String kind, Object finding) {
        found.computeIfAbsent(kind, any -> new HashSet<>()).add(finding);
    }

    /** The score of each kind, by its name. */
    public Map<String, Score> scores() {
        Map<String, Score> scores = new TreeMap<>();
        scores.put("loop", loops());
        scores.put("path_deviation", leftPaths());
        scores.put(
                "unknown_app", equal("unknown_app", Planted.UnknownApp.class, app -> List.of(app.taskId(), app.app())));
        scores.put("too_many_waits", equal("too_many_waits", Planted.TooManyWaits.class, Planted.TooManyWaits::taskId));
        scores.put("take_over", equal("take_over", Planted.TakeOvers.class, Planted.TakeOvers::taskId));
        scores.put(
                "flaky",
                equal("flaky", Planted.FlakyTask.class, task -> InstructionText.normalize(task.instruction())));
        scores.put(
                "shorter_path",
                equal(
                        "shorter_path",
                        Planted.ShorterPath.class,
                        path -> InstructionText.normalize(path.instruction())));
        scores.put(
                "regression",
                equal(
                        "regression",
                        Planted.Regression.class,
                        regression -> List.of(
                                InstructionText.normalize(regression.instruction()),
                                regression.dimension(),
                                regression.from(),
                                regression.to())));
        scores.put(
                "slow_step",
                equal("slow_step", Planted.SlowStep.class, step -> step.taskId() + "." + step.stepNumber()));
        // A cluster is found if one finding has exactly its runs.
        scores.put(
                "similar_failures",
                equal("similar_failures", Planted.SimilarFailures.class, alike -> Set.copyOf(alike.taskIds())));
        return scores;
    }

    private <P extends Planted> Score equal(String kind, Class<P> type, Function<P, Object> key) {
        Set<Object> real = of(type).stream().map(key).collect(Collectors.toSet());
        Set<Object> both = new HashSet<>(found.getOrDefault(kind, Set.of()));
        int all = both.size();
        both.retainAll(real);
        return new Score(all, both.size(), real.size(), both.size());
    }

    /** A planted loop is found if a finding has all its steps. Other repeats in that run are attributed to it. */
    private Score loops() {
        List<Planted.Loop> real = of(Planted.Loop.class);
        Set<UUID> runs = real.stream().map(Planted.Loop::taskId).collect(Collectors.toSet());
        long right = loops.stream().filter(loop -> runs.contains(loop.taskId())).count();
        long hit = real.stream()
                .filter(loop -> loops.stream()
                        .anyMatch(one -> one.taskId().equals(loop.taskId())
                                && one.steps().containsAll(loop.steps())))
                .count();
        return new Score(loops.size(), (int) right, real.size(), (int) hit);
    }

    private Score leftPaths() {
        List<Planted.LeftUsualPath> real = of(Planted.LeftUsualPath.class);
        Set<Object> steps = found.getOrDefault("path_deviation", Set.of());
        Set<Object> near = new HashSet<>();
        int hit = 0;
        for (Planted.LeftUsualPath path : real) {
            Set<Object> accepted = new HashSet<>();
            for (int i = -TOLERANCE; i <= TOLERANCE; i++) {
                accepted.add(path.taskId() + "." + (path.stepNumber() + i));
            }
            near.addAll(accepted);
            hit += steps.stream().anyMatch(accepted::contains) ? 1 : 0;
        }
        int right = (int) steps.stream().filter(near::contains).count();
        return new Score(steps.size(), right, real.size(), hit);
    }

    private <P extends Planted> List<P> of(Class<P> kind) {
        return planted.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
