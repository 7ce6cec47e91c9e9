package dev.steptrail.store.model;

import dev.steptrail.store.jdbc.Conditions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks; null is any.
 *
 * @param owner whose
 * @param status such as {@code running}
 * @param agent which agent did it
 * @param model with which model
 * @param deviceId on which device
 * @param since when it began at the earliest
 * @param until before which it began
 * @param text what its name or its description contains, in capitals or not
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
