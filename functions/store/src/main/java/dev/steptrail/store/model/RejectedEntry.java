package dev.steptrail.store.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a rejected message: all but what it holds.
 *
 * @param owner of the sender when it was rejected; null for a sender that nobody had registered
 * @param taskId of the one record in it; null where it could not be read, or the message was rejected as a whole
 * @param reason why, without quoting it
 */
public record RejectedEntry(
        long id,
        Instant rejectedAt,
        String senderId,
        @Nullable String owner,
        @Nullable UUID taskId,
        @Nullable Integer stepNumber,
        String reason) {}
