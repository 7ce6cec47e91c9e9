package dev.steptrail.operations;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a run came.
 *
 * @param counts what it did, by name
 * @param resumeAt the first thing that it left for the next run; null where all is done
 * @param failures what failed by itself while the rest went on, for the log
 */
record Progress(Map<String, Long> counts, @Nullable String resumeAt, List<String> failures) {
    Progress {
        counts = Map.copyOf(counts);
        failures = List.copyOf(failures);
    }

    Progress(Map<String, Long> counts, @Nullable String resumeAt) {
        this(counts, resumeAt, List.of());
    }

    String outcome() {
        if (!failures.isEmpty()) {
            return "partly_done";
        }
        return resumeAt == null ? "done" : "out_of_time";
    }
}
