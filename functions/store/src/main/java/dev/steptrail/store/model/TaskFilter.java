package dev.steptrail.store.model;

import dev.steptrail.store.jdbc.Conditions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A filter for tasks. A null field matches every task.
 *
 * @param since the lower bound of the start time, inclusive
 * @param until the upper bound of the start time, exclusive
 * @param text a substring of the name or the description, case-insensitive
 */
public record TaskFilter(
        @Nullable String owner,
        @Nullable String status,
        @Nullable String agent,
        @Nullable String model,
        @Nullable String deviceId,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable String text) {
    /** Returns a filter for the tasks of one owner, or for all tasks if {@code owner} is null. */
    public static TaskFilter forOwner(@Nullable String owner) {
        return new TaskFilter(owner, null, null, null, null, null, null, null);
    }

    /** Returns whether there are conditions that each task in {@link #range} must be checked for. */
    public boolean isSearch() {
        return !equals(range());
    }

    /** Returns the filter without conditions other than those that an index finds: the owner and the start time. */
    public TaskFilter range() {
        return new TaskFilter(owner, null, null, null, null, since, until, null);
    }

    /** Returns the filter without those of {@link #range}, and without the text. */
    public TaskFilter withoutRangeAndText() {
        return new TaskFilter(null, status, agent, model, deviceId, null, null, null);
    }

    /** Returns the filter without the text, which takes long to search in all tasks. */
    public TaskFilter withoutText() {
        return new TaskFilter(owner, status, agent, model, deviceId, since, until, null);
    }

    public Conditions conditions() {
        return new Conditions()
                .and("owner = ?", owner)
                .and("status = ?", status)
                .and("agent = ?", agent)
                .and("model = ?", model)
                .and("device_id = ?", deviceId)
                .and("started_at >= ?", since)
                .and("started_at < ?", until)
                .andAnyContains("name", "description", text);
    }
}
