package dev.steptrail.store.model;

import dev.steptrail.store.jdbc.RecordMapper;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of task_steps with its screenshots.
 *
 * @param stepData a JSON object: action, timings, resources, unknown fields, and for a truncated row {@code truncated_fields}
 *     (the whole lengths), {@code truncated_sha256} (a hash of the whole values) and {@code payload_path} (the S3 key of the
 *     whole record)
 * @param actionResult a JSON object
 * @param screenshotPath the S3 key of its first screenshot before the action, else of its first
 * @param createdAt when the step was taken, by the recorder's clock
 */
public record StoredStep(
        UUID taskId,
        int stepNumber,
        String stepType,
        String stepData,
        @Nullable String thinking,
        @Nullable String actionResult,
        @Nullable String screenshotPath,
        @Nullable Long durationMs,
        @Nullable Boolean success,
        @Nullable String errorMessage,
        Instant createdAt,
        List<StoredScreenshot> screenshots) {
    /** Maps a row of task_steps, without screenshots. {@code StepCopier} writes the columns in this order. */
    public static final RecordMapper<StoredStep> ROW = RecordMapper.of(StoredStep.class);

    public StoredStep {
        screenshots = List.copyOf(screenshots);
    }

    public String stepId() {
        return taskId + "." + stepNumber;
    }

    /** Returns whether the step succeeded, by {@link StepOutcome#SUCCEEDED}; null if unknown. */
    public @Nullable Boolean succeeded() {
        return success != null ? success : errorMessage != null ? Boolean.FALSE : null;
    }

    /** Returns the error, by {@link StepOutcome#ERROR}; null if unknown. */
    public @Nullable String error() {
        if (errorMessage != null || !Boolean.FALSE.equals(success)) {
            return errorMessage;
        }
        String message = JsonFields.of(actionResult).get("message");
        return message == null ? null : JsonFields.text(message);
    }

    public StoredStep with(List<StoredScreenshot> screenshots) {
        return with(screenshots, screenshotPath);
    }

    /** Returns the step without the screenshots that are marked as sensitive. */
    public StoredStep withoutSensitive() {
        List<StoredScreenshot> plain = screenshots.stream()
                .filter(screenshot -> !screenshot.sensitive())
                .toList();
        boolean shows = plain.stream()
                .anyMatch(screenshot -> screenshot.screenshotPath().equals(screenshotPath));
        return with(plain, shows ? screenshotPath : null);
    }

    private StoredStep with(List<StoredScreenshot> screenshots, @Nullable String path) {
        return new StoredStep(
                taskId,
                stepNumber,
                stepType,
                stepData,
                thinking,
                actionResult,
                path,
                durationMs,
                success,
                errorMessage,
                createdAt,
                screenshots);
    }
}
