package dev.steptrail.store.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of step_screenshots: a picture of a step, an object in the bucket.
 *
 * @param ordinal its place among the step's pictures, from 0
 * @param role {@code before}, {@code after} or {@code other}
 * @param screenshotPath its S3 key
 * @param redactedRegions JSON, an array
 * @param metadata JSON, the fields that version 1 of the format does not know; null where there are none
 */
public record StoredScreenshot(
        int ordinal,
        String role,
        String screenshotPath,
        String fileHash,
        long fileSize,
        long originalSize,
        int width,
        int height,
        String format,
        boolean compressed,
        boolean sensitive,
        String redactedRegions,
        @Nullable String perceptualHash,
        @Nullable String thumbnailPath,
        @Nullable Instant capturedAt,
        @Nullable String metadata) {}
