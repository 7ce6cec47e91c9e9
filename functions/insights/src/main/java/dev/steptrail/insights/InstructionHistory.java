package dev.steptrail.insights;

import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The runs with one instruction. Lists of runs are sorted from oldest to newest. Immutable. */
final class InstructionHistory {
    private final List<RunDigest> runs;
    private final @Nullable UsualPath usualPath;

    InstructionHistory(List<RunDigest> runs) {
        this.runs = runs.stream()
                .sorted(Comparator.comparing(RunDigest::startedAt).thenComparing(RunDigest::taskId))
                .toList();
        this.usualPath = UsualPath.find(successes());
    }

    /** Returns the runs whose outcome is known. */
    List<RunDigest> ended() {
        return select(run -> run.succeeded() != null);
    }

    List<RunDigest> successes() {
        return select(RunDigest::isSuccess);
    }

    List<RunDigest> failures() {
        return select(RunDigest::isFailure);
    }

    List<RunDigest> select(Predicate<RunDigest> condition) {
        return runs.stream().filter(condition).toList();
    }

    /** Returns the usual path; null if there are too few successes or their paths differ too much. */
    @Nullable
    UsualPath usualPath() {
        return usualPath;
    }

    /** Sorts runs from newest to oldest, the order in which insights list them. */
    static List<RunDigest> newestFirst(List<RunDigest> runs) {
        return runs.stream()
                .sorted(Comparator.comparing(RunDigest::startedAt)
                        .thenComparing(RunDigest::taskId)
                        .reversed())
                .toList();
    }
}
