package dev.steptrail.insights;

import dev.steptrail.insights.Insight.EvidenceStep;
import dev.steptrail.insights.TaskDigest.LastScreen;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reports screens on which at least {@value #MIN_TASKS} tasks failed, whatever their errors. The screen of a task is
 * its last screenshot. Screens on which successful tasks end more frequently than failed tasks, such as the home
 * screen, are not reported. Tasks without screenshots are ignored.
 *
 * <p>Tasks are grouped by similar screens. Each task is compared only with the newest task of each group, so there are
 * at most 500 × 500 comparisons.
 */
final class FailureScreenRule {
    private static final int MIN_TASKS = 3;
    private static final int MAX_SCREENS = 20;

    /**
     * @param latest the latest tasks with any outcome, newest first
     * @param failed the latest failed tasks, newest first; they may be older than {@code latest}
     */
    static List<Insight> evaluate(List<TaskDigest> latest, List<TaskDigest> failed) {
        List<TaskScreen> failures = lastScreens(failed);
        List<TaskScreen> successes =
                lastScreens(latest.stream().filter(TaskDigest::isSuccess).toList());
        return groupBySimilarity(failures).stream()
                .filter(group ->
                        group.size() >= MIN_TASKS && !isMoreFrequentInSuccesses(group, failures.size(), successes))
                .sorted(Comparator.<List<TaskScreen>>comparingInt(List::size).reversed())
                .limit(MAX_SCREENS)
                .map(group -> createInsight(group, failures.size()))
                .toList();
    }

    private record TaskScreen(TaskDigest task, LastScreen screen) {
        boolean isSimilar(TaskScreen other) {
            return TaskStep.isSimilarScreen(screen.hash(), other.screen.hash());
        }
    }

    private static List<TaskScreen> lastScreens(List<TaskDigest> tasks) {
        List<TaskScreen> screens = new ArrayList<>();
        for (TaskDigest task : tasks) {
            if (task.lastScreen() != null) {
                screens.add(new TaskScreen(task, task.lastScreen()));
            }
        }
        return screens;
    }

    /** Adds each failure to the first group whose first screen is similar. */
    private static List<List<TaskScreen>> groupBySimilarity(List<TaskScreen> failures) {
        List<List<TaskScreen>> groups = new ArrayList<>();
        for (TaskScreen failure : failures) {
            groups.stream()
                    .filter(group -> group.get(0).isSimilar(failure))
                    .findFirst()
                    .orElseGet(() -> addGroup(groups))
                    .add(failure);
        }
        return groups;
    }

    private static List<TaskScreen> addGroup(List<List<TaskScreen>> groups) {
        List<TaskScreen> group = new ArrayList<>();
        groups.add(group);
        return group;
    }

    private static boolean isMoreFrequentInSuccesses(List<TaskScreen> group, int failures, List<TaskScreen> successes) {
        long similar = successes.stream().filter(group.get(0)::isSimilar).count();
        return similar * failures > (long) group.size() * successes.size();
    }

    private static Insight createInsight(List<TaskScreen> group, int failures) {
        Set<@Nullable String> errors = new HashSet<>();
        group.forEach(screen -> errors.add(screen.task().error()));
        Map<String, Object> figures =
                new HashMap<>(Map.of("tasks", group.size(), "failures", failures, "errors", errors.size()));
        String error = group.get(0).task().error();
        if (errors.size() == 1 && error != null) {
            figures.put("error", error);
        }
        return new Insight(
                "failures_on_screen",
                group.stream().map(screen -> screen.task().taskId()).toList(),
                group.stream()
                        .map(screen -> new EvidenceStep(
                                screen.task().taskId(), screen.screen().stepNumber()))
                        .toList(),
                figures);
    }
}
