package dev.steptrail.bench.insights;

import dev.steptrail.insights.TaskText;
import dev.steptrail.store.insights.ListInsights.Found;
import dev.steptrail.store.model.JsonFields;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Compares what was found with what was planted, kind by kind. */
final class Judge {
    /** The first step off a path can be told from one that was inserted by chance only so well. */
    private static final int STEPS_BESIDE = 2;

    private final List<Planted> planted;
    private final FoundInRuns inRuns;
    private final List<Found> insights;

    Judge(List<Planted> planted, FoundInRuns inRuns, List<Found> insights) {
        this.planted = planted;
        this.inRuns = inRuns;
        this.insights = insights;
    }

    Map<String, Score> scores() {
        Map<String, Score> scores = new TreeMap<>();
        scores.put("loops", loops());
        scores.put(
                "unknown apps",
                Score.of(
                        inRuns.unknownApps,
                        all(Planted.UnknownApp.class, app -> List.<Object>of(app.taskId(), app.app()))));
        scores.put(
                "too many waits",
                Score.of(inRuns.manyWaits, all(Planted.TooManyWaits.class, Planted.TooManyWaits::taskId)));
        scores.put("take-overs", Score.of(inRuns.takeOvers, all(Planted.TakeOvers.class, Planted.TakeOvers::taskId)));
        scores.put(
                "flaky tasks",
                Score.of(texts("flaky"), all(Planted.FlakyTask.class, task -> TaskText.alike(task.description()))));
        scores.put("regressions", Score.of(regressions(), all(Planted.Regression.class, Judge::regression)));
        scores.put(
                "shorter paths",
                Score.of(
                        texts("shorter_path"),
                        all(Planted.ShorterPath.class, path -> TaskText.alike(path.description()))));
        scores.put(
                "slow steps",
                Score.of(
                        steps("slow_step"),
                        all(Planted.SlowStep.class, step -> step.taskId() + "." + step.stepNumber())));
        scores.put("failures alike", failures());
        scores.put("left paths", leftPaths());
        return scores;
    }

    /** A planted one is found where one finding has all its steps; what else comes again in that run belongs to it, as the ways back do. */
    private Score loops() {
        List<Planted.Loop> real = of(Planted.Loop.class);
        Set<UUID> runs = real.stream().map(Planted.Loop::taskId).collect(Collectors.toSet());
        int right = (int) inRuns.loops.stream()
                .filter(loop -> runs.contains(loop.taskId()))
                .count();
        int hit = (int) real.stream()
                .filter(loop -> inRuns.loops.stream()
                        .anyMatch(found -> found.taskId().equals(loop.taskId())
                                && found.steps().containsAll(loop.steps())))
                .count();
        return new Score(inRuns.loops.size(), right, real.size(), hit);
    }

    /** By the runs of each: a cluster is found where one finding has exactly its runs. */
    private Score failures() {
        Set<Set<UUID>> found = insights.stream()
                .filter(insight -> insight.kind().equals("failures_alike"))
                .map(insight -> Set.copyOf(insight.runs()))
                .collect(Collectors.toSet());
        return Score.of(found, all(Planted.FailureCluster.class, cluster -> Set.copyOf(cluster.taskIds())));
    }

    private Score leftPaths() {
        List<Planted.LeftUsualPath> real = of(Planted.LeftUsualPath.class);
        Set<String> found = steps("left_usual_path");
        Set<String> beside = new HashSet<>();
        int hit = 0;
        for (Planted.LeftUsualPath path : real) {
            boolean isFound = false;
            for (int i = -STEPS_BESIDE; i <= STEPS_BESIDE; i++) {
                String step = path.taskId() + "." + (path.stepNumber() + i);
                beside.add(step);
                isFound |= found.contains(step);
            }
            hit += isFound ? 1 : 0;
        }
        int right = (int) found.stream().filter(beside::contains).count();
        return new Score(found.size(), right, real.size(), hit);
    }

    private Set<String> texts(String kind) {
        return insights.stream()
                .filter(insight -> insight.kind().equals(kind))
                .map(Found::taskText)
                .collect(Collectors.toSet());
    }

    private Set<String> steps(String kind) {
        return insights.stream()
                .filter(insight -> insight.kind().equals(kind))
                .flatMap(insight -> insight.steps().stream())
                .collect(Collectors.toSet());
    }

    private Set<List<String>> regressions() {
        return insights.stream()
                .filter(insight -> insight.kind().equals("regression"))
                .map(insight -> {
                    Map<String, String> figures = JsonFields.of(insight.figures());
                    return List.of(
                            insight.taskText(), text(figures, "dimension"), text(figures, "from"), text(figures, "to"));
                })
                .collect(Collectors.toSet());
    }

    private static List<String> regression(Planted.Regression regression) {
        return List.of(
                TaskText.alike(regression.description()), regression.dimension(), regression.from(), regression.to());
    }

    private static String text(Map<String, String> figures, String name) {
        return Objects.requireNonNull(JsonFields.text(Objects.requireNonNull(figures.get(name))));
    }

    private <P extends Planted> List<P> of(Class<P> kind) {
        return planted.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private <P extends Planted, T> Set<T> all(Class<P> kind, Function<P, T> key) {
        return of(kind).stream().map(key).collect(Collectors.toSet());
    }
}
