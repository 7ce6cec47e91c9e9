package dev.steptrail.store.judgements;

import dev.steptrail.store.model.JsonColumn;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a change of many tasks did.
 *
 * @param matched the number of tasks that were found: the sum of {@code changed}, {@code unchanged} and {@code refused}
 * @param unchanged the number of tasks that were already as requested
 * @param notFound the number of ids without a task, or whose task belongs to another owner
 * @param refused the number of tasks that would have too many tags or verdicts; they are not changed
 */
public record BulkResult(long matched, long changed, long unchanged, long notFound, long refused) {
    /** Parses the JSON of {@link #toMap}; null has no counts. */
    public static BulkResult parse(@Nullable String json) {
        Map<String, String> counts = JsonColumn.fields(json);
        return new BulkResult(
                count(counts, "matched"),
                count(counts, "changed"),
                count(counts, "unchanged"),
                count(counts, "not_found"),
                count(counts, "refused"));
    }

    private static long count(Map<String, String> counts, String name) {
        return Long.parseLong(counts.getOrDefault(name, "0"));
    }

    public BulkResult plus(BulkResult other) {
        return new BulkResult(
                matched + other.matched,
                changed + other.changed,
                unchanged + other.unchanged,
                notFound + other.notFound,
                refused + other.refused);
    }

    /** Returns the result without the tasks that were not found. */
    public BulkResult withoutMissing() {
        return new BulkResult(matched, changed, unchanged, 0, refused);
    }

    /** Returns the counts by their names in JSON. */
    Map<String, Long> toMap() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("matched", matched);
        counts.put("changed", changed);
        counts.put("unchanged", unchanged);
        counts.put("not_found", notFound);
        counts.put("refused", refused);
        return counts;
    }
}
