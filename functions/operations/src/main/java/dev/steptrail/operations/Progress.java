package dev.steptrail.operations;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a run.
 *
 * @param counts counters by name
 * @param resumeAt where the next run resumes, in a format that depends on the job; null if nothing remains
 * @param failures descriptions of items that failed while the run continued, for the log
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
            return "partly_failed";
        }
        return resumeAt == null ? "done" : "timed_out";
    }
}
