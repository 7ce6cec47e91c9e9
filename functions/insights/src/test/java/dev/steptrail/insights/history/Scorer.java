package dev.steptrail.insights.history;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import dev.steptrail.insights.InstructionText;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiPredicate;

/** Compares the results of the rules with the planted problems of a history, by kind. */
public final class Scorer {
    /** The first step off a path can be distinguished from noise only within this many steps. */
    private static final int TOLERANCE = 2;

    private final Map<String, Set<Object>> planted;
    private final Map<String, Set<Object>> found = new TreeMap<>();

    /**
     * An action that is repeated three times or more on one screen, or on unknown screens.
     *
     * @param steps all steps with the action; other actions may lie between them
     */
    record Loop(UUID taskId, List<Integer> steps) {}

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
        this.planted = history.planted().stream()
                .collect(groupingBy(Planted::kind, TreeMap::new, mapping(Planted::key, toSet())));
    }

    /** Adds a finding or suggestion about one run. */
    public void addToRun(UUID taskId, String kind, List<Integer> steps, Map<String, ?> figures) {
        switch (kind) {
            case "loop" -> add(kind, new Loop(taskId, steps));
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

    static String step(UUID taskId, int stepNumber) {
        return taskId + "." + stepNumber;
    }

    /** The score of each kind, by its name. */
    public Map<String, Score> scores() {
        Map<String, Score> scores = new TreeMap<>();
        planted.forEach((kind, problems) -> {
            BiPredicate<Object, Object> isHit = kind.equals("loop")
                    ? (problem, finding) -> ((Loop) problem).taskId().equals(((Loop) finding).taskId())
                            && ((Loop) finding).steps().containsAll(((Loop) problem).steps())
                    : kind.equals("path_deviation") ? Scorer::isNear : Object::equals;
            // Other repeats in a run with a planted loop are attributed to it.
            BiPredicate<Object, Object> isRight = kind.equals("loop")
                    ? (problem, finding) -> ((Loop) problem).taskId().equals(((Loop) finding).taskId())
                    : isHit;
            Set<Object> findings = found.getOrDefault(kind, Set.of());
            long hit = problems.stream()
                    .filter(problem -> findings.stream().anyMatch(finding -> isHit.test(problem, finding)))
                    .count();
            long right = findings.stream()
                    .filter(finding -> problems.stream().anyMatch(problem -> isRight.test(problem, finding)))
                    .count();
            scores.put(kind, new Score(findings.size(), (int) right, problems.size(), (int) hit));
        });
        return scores;
    }

    private static boolean isNear(Object problem, Object finding) {
        String[] step = problem.toString().split("\\.");
        String[] other = finding.toString().split("\\.");
        return step[0].equals(other[0])
                && Math.abs(Integer.parseInt(step[1]) - Integer.parseInt(other[1])) <= TOLERANCE;
    }
}
