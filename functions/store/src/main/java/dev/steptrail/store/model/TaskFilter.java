package dev.steptrail.store.model;

import dev.steptrail.store.jdbc.Conditions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Selects tasks; null selects any.
 *
 * @param since the earliest start, inclusive
 * @param until the latest start, exclusive
 * @param text part of the name or the description, ignoring case
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
    /** Selects the tasks of an owner, or all if it is null. */
    public static TaskFilter ofOwner(@Nullable String owner) {
        return new TaskFilter(owner, null, null, null, null, null, null, null);
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
                .andEitherContains("name", "description", text);
    }
}
