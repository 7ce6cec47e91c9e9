package dev.steptrail.store.model;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.RecordMapper;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A row of task_steps with its screenshots.
 *
 * @param stepData a JSON object: action, timings, resources, usage, what the model received and returned, attachments
 *     and unknown fields
 * @param actionResult a JSON object
 * @param screenshotPath the S3 key of the first {@code before} screenshot or, if there is none, of the first one
 * @param createdAt when the step was executed, by the recorder's clock
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

    /** Converts a step to its row. */
    public static StoredStep of(Step step) {
        return new StoredStep(
                step.taskId(),
                step.stepNumber(),
                step.stepType(),
                stepData(step),
                step.thinking(),
                step.actionResult() == null ? null : JsonColumn.write(step.actionResult()),
                mainScreenshotPath(step.screenshots()),
                step.duration() == null ? null : step.duration().toMillis(),
                step.success(),
                step.errorMessage(),
                step.timestamp(),
                IntStream.range(0, step.screenshots().size())
                        .mapToObj(i -> StoredScreenshot.of(i, step.screenshots().get(i)))
                        .toList());
    }

    /** Returns step_data: the fields without a separate column. */
    private static String stepData(Step step) {
        Map<String, Object> data = new LinkedHashMap<>();
        putIfPresent(data, "action", step.action());
        putIfPresent(data, "usage", step.modelCall().usage());
        if (!step.attachments().isEmpty()) {
            data.put("attachments", step.attachments());
        }
        if (!step.timings().isEmpty()) {
            data.put("timings", step.timings());
        }
        if (!step.resources().isEmpty()) {
            data.put("resources", step.resources());
        }
        putIfPresent(data, ModelCall.INPUT, step.modelCall().input());
        putIfPresent(data, ModelCall.OUTPUT, step.modelCall().output());
        data.putAll(step.unknown());
        return JsonColumn.write(data);
    }

    private static void putIfPresent(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
    }

    private static @Nullable String mainScreenshotPath(List<Screenshot> screenshots) {
        for (Screenshot screenshot : screenshots) {
            if (screenshot.role() == FrameRole.BEFORE) {
                return screenshot.screenshotPath();
            }
        }
        return screenshots.isEmpty() ? null : screenshots.get(0).screenshotPath();
    }

    /** Returns false if the step has no tokens. Does not parse the step, so true may be wrong. */
    public boolean mayHaveUsage() {
        return stepData.contains("\"usage\"");
    }

    public String stepId() {
        return taskId + "." + stepNumber;
    }

    /** Returns whether the step succeeded, by {@link StepOutcome#SUCCEEDED}; null if unknown. */
    public @Nullable Boolean succeeded() {
        return success != null ? success : errorMessage != null ? Boolean.FALSE : null;
    }

    /**
     * Returns the {@code error_message}; for a failed step without one, the {@code message} of its result; null if
     * unknown. The column {@code error} contains the first 2,000 characters.
     */
    public @Nullable String error() {
        if (errorMessage != null || !Boolean.FALSE.equals(success)) {
            return errorMessage;
        }
        String message = JsonColumn.fields(actionResult).get("message");
        return message == null ? null : JsonColumn.text(message);
    }

    /** Returns the number of characters of the texts whose length the step format does not limit. */
    public long length() {
        return Page.length(stepData, thinking, actionResult, errorMessage);
    }

    public StoredStep withScreenshots(List<StoredScreenshot> screenshots) {
        return copy(stepData, screenshots, screenshotPath);
    }

    /** Returns the step without the screenshots that are marked as sensitive. */
    public StoredStep withoutSensitiveScreenshots() {
        List<StoredScreenshot> visible = screenshots.stream()
                .filter(screenshot -> !screenshot.sensitive())
                .toList();
        boolean isMainVisible = visible.stream()
                .anyMatch(screenshot -> screenshot.screenshotPath().equals(screenshotPath));
        return copy(stepData, visible, isMainVisible ? screenshotPath : null);
    }

    /** Returns the step without S3 keys, and without fields and values that the step format does not define. */
    public StoredStep withoutDetails() {
        return copy(
                DetailFilter.stepData(stepData),
                screenshots.stream().map(StoredScreenshot::withoutDetails).toList(),
                null);
    }

    /**
     * Returns the step without what its model received and returned.
     *
     * @param keepsUsage whether the step keeps its counts of tokens
     */
    public StoredStep withoutModelCall(boolean keepsUsage) {
        return copy(DetailFilter.withoutModelCall(stepData, keepsUsage), screenshots, screenshotPath);
    }

    private StoredStep copy(String data, List<StoredScreenshot> screenshots, @Nullable String path) {
        return new StoredStep(
                taskId,
                stepNumber,
                stepType,
                data,
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
