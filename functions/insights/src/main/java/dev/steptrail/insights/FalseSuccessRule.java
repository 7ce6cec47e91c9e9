package dev.steptrail.insights;

import java.util.List;
import java.util.Map;

/**
 * Reports that agents claim success where the verdict is {@code fail}: for at least {@value #MIN_TASKS} tasks and
 * {@value #MIN_PERCENT} % of the judged tasks whose agent claims success.
 */
final class FalseSuccessRule {
    private static final int MIN_TASKS = 3;
    private static final int MIN_PERCENT = 10;

    static List<Insight> evaluate(InstructionHistory history) {
        List<TaskDigest> claimed = history.select(task -> task.isVerified() && task.isClaimedSuccess());
        List<TaskDigest> failed = InstructionHistory.newestFirst(
                claimed.stream().filter(TaskDigest::isFailure).toList());
        return failed.size() < MIN_TASKS || failed.size() * 100 < claimed.size() * MIN_PERCENT
                ? List.of()
                : List.of(new Insight(
                        "false_success",
                        failed,
                        Map.of(
                                "tasks", claimed.size(),
                                "false_successes", failed.size(),
                                "share", (double) failed.size() / claimed.size())));
    }
}
