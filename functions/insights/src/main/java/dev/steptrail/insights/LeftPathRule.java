package dev.steptrail.insights;

import dev.steptrail.insights.Insight.StepOfRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs that failed once they had left the path on which others succeed, and the step with which each left it. */
final class LeftPathRule {
    List<Insight> of(TextHistory history) {
        UsualPath usual = history.usualPath();
        if (usual == null) {
            return List.of();
        }
        List<RunDigest> failures = TextHistory.newestFirst(history.failures());
        List<RunDigest> left = new ArrayList<>();
        List<StepOfRun> steps = new ArrayList<>();
        for (RunDigest run : failures) {
            UsualPath.Left where = usual.leftBy(run.path());
            if (where != null) {
                left.add(run);
                steps.add(new StepOfRun(run.taskId(), where.by().stepNumber()));
            }
        }
        return left.isEmpty()
                ? List.of()
                : List.of(new Insight(
                        "left_usual_path",
                        left.stream().map(RunDigest::taskId).toList(),
                        steps,
                        Map.of("runs", left.size(), "failures", failures.size())));
    }
}
