package dev.steptrail.insights;

import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The runs with one instruction, oldest first. */
final class TextHistory {
    private final List<RunDigest> runs;
    private final @Nullable UsualPath usualPath;

    TextHistory(List<RunDigest> runs) {
        this.runs = runs.stream()
                .sorted(Comparator.comparing(RunDigest::startedAt).thenComparing(RunDigest::taskId))
                .toList();
        this.usualPath = UsualPath.of(successes());
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

    List<RunDigest> select(Predicate<RunDigest> which) {
        return runs.stream().filter(which).toList();
    }

    /** Returns the usual path; null if there are too few successes or their paths differ too much. */
    @Nullable
    UsualPath usualPath() {
        return usualPath;
    }

    /** Sorts runs from newest to oldest, the order in which insights list them. */
    static List<RunDigest> newestFirst(List<RunDigest> oldestFirst) {
        return oldestFirst.stream()
                .sorted(Comparator.comparing(RunDigest::startedAt)
                        .thenComparing(RunDigest::taskId)
                        .reversed())
                .toList();
    }
}
