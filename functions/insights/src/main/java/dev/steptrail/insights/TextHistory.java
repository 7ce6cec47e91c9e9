package dev.steptrail.insights;

import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The runs of one task text, oldest first. */
final class TextHistory {
    private final List<RunDigest> runs;
    private final @Nullable UsualPath usualPath;

    TextHistory(List<RunDigest> runs) {
        this.runs = runs.stream()
                .sorted(Comparator.comparing(RunDigest::startedAt).thenComparing(RunDigest::taskId))
                .toList();
        this.usualPath = UsualPath.of(successes());
    }

    /** Those of which somebody can tell how they ended. */
    List<RunDigest> ended() {
        return those(run -> run.succeeded() != null);
    }

    List<RunDigest> successes() {
        return those(RunDigest::isSuccess);
    }

    List<RunDigest> failures() {
        return those(RunDigest::isFailure);
    }

    List<RunDigest> those(Predicate<RunDigest> which) {
        return runs.stream().filter(which).toList();
    }

    /** Null where there are too few successes, or they have no path in common. */
    @Nullable
    UsualPath usualPath() {
        return usualPath;
    }

    /** Newest first, as insights name them. */
    static List<RunDigest> newestFirst(List<RunDigest> oldestFirst) {
        return oldestFirst.stream()
                .sorted(Comparator.comparing(RunDigest::startedAt)
                        .thenComparing(RunDigest::taskId)
                        .reversed())
                .toList();
    }
}
