package dev.steptrail.store.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A link by which somebody without an account reads one task.
 *
 * @param revokedAt when it was taken back; null if it was not
 * @param includeSensitive whether who has it sees screenshots that were marked as sensitive
 */
public record ShareLink(
        long id,
        String createdBy,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant revokedAt,
        boolean includeSensitive) {}
