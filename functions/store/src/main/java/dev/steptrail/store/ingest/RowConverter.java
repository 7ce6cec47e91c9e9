package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.store.model.JsonColumn;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts records to rows. */
public final class RowConverter {
    private RowConverter() {}

    public static StoredStep toRow(Step step) {
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
                screenshots(step.screenshots()));
    }

    /** Returns the losses as JSON. Their totals are stored in separate columns too. */
    static String json(Losses losses) {
        Map<String, Object> fields = new LinkedHashMap<>(losses.unknown());
        fields.put("dropped_steps", losses.droppedSteps());
        fields.put("dropped_screenshots", losses.droppedScreenshots());
        return JsonColumn.write(fields);
    }

    static @Nullable String jsonOrNull(Map<String, ?> object) {
        return object.isEmpty() ? null : JsonColumn.write(object);
    }

    /** Returns the fields of a start or end without a separate column, as JSON; null if there are none. */
    static @Nullable String otherFields(Map<String, Object> unknown, List<Attachment> attachments) {
        Map<String, Object> fields = new LinkedHashMap<>(unknown);
        if (!attachments.isEmpty()) {
            fields.put("attachments", attachments);
        }
        return jsonOrNull(fields);
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

    private static List<StoredScreenshot> screenshots(List<Screenshot> screenshots) {
        List<StoredScreenshot> rows = new ArrayList<>(screenshots.size());
        for (Screenshot screenshot : screenshots) {
            rows.add(toRow(rows.size(), screenshot));
        }
        return rows;
    }

    private static @Nullable String mainScreenshotPath(List<Screenshot> screenshots) {
        for (Screenshot screenshot : screenshots) {
            if (screenshot.role() == FrameRole.BEFORE) {
                return screenshot.screenshotPath();
            }
        }
        return screenshots.isEmpty() ? null : screenshots.get(0).screenshotPath();
    }

    private static StoredScreenshot toRow(int screenshotIndex, Screenshot screenshot) {
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
                jsonOrNull(screenshot.unknown()));
    }
}
