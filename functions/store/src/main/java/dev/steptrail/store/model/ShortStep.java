package dev.steptrail.store.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a line about a step tells, each text cut.
 *
 * @param action its JSON; null where it has none
 */
public record ShortStep(
        int stepNumber,
        Instant createdAt,
        String stepType,
        @Nullable String action,
        @Nullable Long durationMs,
        @Nullable Boolean wentWell,
        @Nullable String error,
        @Nullable String thinking) {}
