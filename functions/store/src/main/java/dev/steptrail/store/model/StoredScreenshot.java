package dev.steptrail.store.model;

import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.store.jdbc.RecordMapper;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of step_screenshots without the key of its step.
 *
 * @param screenshotIndex the position in the step, from 0
 * @param role {@code before}, {@code after} or {@code other}
 * @param screenshotPath the S3 key
 * @param redactedRegions a JSON array
 * @param metadata a JSON object of the unknown fields
 */
public record StoredScreenshot(
        int screenshotIndex,
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
        @Nullable String metadata) {
    public static final RecordMapper<StoredScreenshot> ROW = RecordMapper.of(StoredScreenshot.class);

    /** The columns of the table, in the order in which {@code StepCopier} writes them. */
    public static final String COLUMNS = "task_id, step_number, " + ROW.columns();

    /** Converts a screenshot of a step to its row. */
    public static StoredScreenshot of(int screenshotIndex, Screenshot screenshot) {
        return new StoredScreenshot(
                screenshotIndex,
                screenshot.role().wireName(),
                screenshot.screenshotPath(),
                screenshot.fileHash(),
                screenshot.fileSize(),
                screenshot.originalSize(),
                screenshot.width(),
                screenshot.height(),
                screenshot.format(),
                screenshot.compressed(),
                screenshot.sensitive(),
                screenshot.redactedRegions().isEmpty() ? "[]" : JsonColumn.write(screenshot.redactedRegions()),
                screenshot.perceptualHash(),
                screenshot.thumbnailPath(),
                screenshot.capturedAt(),
                JsonColumn.writeOrNull(screenshot.unknown()));
    }

    /** Returns the screenshot without S3 keys and unknown fields. {@link #screenshotPath} is then empty. */
    public StoredScreenshot withoutDetails() {
        return new StoredScreenshot(
                screenshotIndex,
                role,
                "",
                fileHash,
                fileSize,
                originalSize,
                width,
                height,
                format,
                compressed,
                sensitive,
                redactedRegions,
                perceptualHash,
                null,
                capturedAt,
                null);
    }
}
