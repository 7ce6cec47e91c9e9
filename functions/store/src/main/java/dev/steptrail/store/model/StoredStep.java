package dev.steptrail.store.model;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of task_steps with its pictures.
 *
 * @param stepData JSON, an object: action, timings, resources, the fields that version 1 of the format does not know,
 *     and {@code cut_fields}: what of the row was longer than 256 KiB, with its whole length in bytes,
 *     {@code cut_sha256}: a hash of all that was cut, whole,
 *     and {@code payload_path}: the S3 key of the whole record, where what was cut can be found
 * @param actionResult JSON, an object
 * @param screenshotPath the S3 key of its first picture from before the action, else of its first
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

    public StoredStep {
        screenshots = List.copyOf(screenshots);
    }

    /** The public name of a step. */
    public String stepId() {
        return taskId + "." + stepNumber;
    }

    /** Whether it went well: a step that tells an error, and not whether it did, did not. Null where nobody can tell. */
    public @Nullable Boolean wentWell() {
        return StepOutcome.wentWell(this);
    }

    /** What went wrong: its error message; where a failed step has none, the message of its result; or null. */
    public @Nullable String error() {
        return StepOutcome.error(this);
    }

    public StoredStep with(List<StoredScreenshot> pictures) {
        return with(pictures, screenshotPath);
    }

    /** The step without the pictures that were marked as sensitive. */
    public StoredStep withoutSensitive() {
        List<StoredScreenshot> plain = screenshots.stream()
                .filter(screenshot -> !screenshot.sensitive())
                .toList();
        boolean shows = plain.stream()
                .anyMatch(screenshot -> screenshot.screenshotPath().equals(screenshotPath));
        return with(plain, shows ? screenshotPath : null);
    }

    private StoredStep with(List<StoredScreenshot> pictures, @Nullable String path) {
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
                pictures);
    }
}
