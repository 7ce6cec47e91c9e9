package dev.steptrail.store.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of the audit log.
 *
 * @param id which tells rows of one moment apart
 * @param caller who did it: the subject of a token, or {@code share:} and the id of a link
 * @param detail what else tells it, a JSON object; null for none
 */
public record AuditRow(
        Instant at,
        long id,
        String caller,
        String action,
        @Nullable UUID taskId,
        @Nullable String taskOwner,
        @Nullable String detail) {}
