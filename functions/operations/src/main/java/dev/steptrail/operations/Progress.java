package dev.steptrail.operations;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a run came.
 *
 * @param counts what it did, by name
 * @param resumeAt the first thing that it left for the next run; null where all is done
 */
record Progress(Map<String, Long> counts, @Nullable String resumeAt) {
    Progress {
        counts = Map.copyOf(counts);
    }

    String outcome() {
        return resumeAt == null ? "done" : "out_of_time";
    }
}
