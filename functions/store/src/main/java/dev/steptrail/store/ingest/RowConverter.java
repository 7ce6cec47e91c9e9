package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.store.model.JsonText;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Converts records to rows, truncated so that each fits into an API response. */
public final class RowConverter {
    private RowConverter() {}

    public static StoredStep toRow(Step step) {
        return toRow(step, null);
    }

    /** @param payload the object that contains the complete record; null if the record was sent in a message */
    static StoredStep toRow(Step step, @Nullable Payload payload) {
        Truncation truncation = new Truncation(payload);
        String thinking = truncation.text("thinking", step.thinking());
        String errorMessage = truncation.text("error_message", step.errorMessage());
        String actionResult =
                step.actionResult() == null ? null : truncation.json("action_result", step.actionResult());
        List<Screenshot> kept = withinLimit(step.screenshots(), truncation);
        List<StoredScreenshot> screenshots = screenshots(kept, truncation);
        return new StoredStep(
                step.taskId(),
                step.stepNumber(),
                step.stepType(),
                stepData(step, truncation),
                thinking,
                actionResult,
                mainScreenshotPath(kept),
                step.duration() == null ? null : step.duration().toMillis(),
                step.success(),
                errorMessage,
                step.timestamp(),
                screenshots);
    }

    static TaskStarted toRow(TaskStarted started, @Nullable Payload payload) {
        Truncation truncation = new Truncation(payload);
        return new TaskStarted(
                started.taskId(),
                started.timestamp(),
                truncation.name("name", started.name()),
                truncation.text("description", started.description()),
                truncation.name("agent", started.agent()),
                truncation.name("model", started.model()),
                truncation.name("device_id", started.deviceId()),
                started.previousTaskId(),
                started.onBehalfOf(),
                truncation.object("metadata", started.metadata()),
                truncate(started.experimentCase(), truncation),
                truncation.withTruncationFields(truncation.object("other_fields", started.unknown())));
    }

    private static ExperimentCase truncate(ExperimentCase place, Truncation truncation) {
        return new ExperimentCase(
                place.experiment(),
                place.caseId(),
                place.repeat(),
                truncation.object("attributes", place.attributes()));
    }

    static TaskEnded toRow(TaskEnded ended, @Nullable Payload payload) {
        Truncation truncation = new Truncation(payload);
        return new TaskEnded(
                ended.taskId(),
                ended.timestamp(),
                ended.status(),
                ended.endReason(),
                truncation.text("message", ended.message()),
                ended.lastStepNumber(),
                truncation.withTruncationFields(truncation.object("other_fields", ended.unknown())));
    }

    /** Returns the losses as JSON. Their totals are stored in separate columns too. */
    static String json(Losses losses, @Nullable Payload payload) {
        Truncation truncation = new Truncation(payload);
        Map<String, Object> fields = new LinkedHashMap<>(truncation.withTruncationFields(losses.unknown()));
        fields.put("dropped_steps", losses.droppedSteps());
        fields.put("dropped_screenshots", losses.droppedScreenshots());
        String json = truncation.json("losses", fields);
        return json != null ? json : JsonText.of(truncation.withTruncationFields(Map.of()));
    }

    static @Nullable String jsonOrNull(Map<String, ?> object) {
        return object.isEmpty() ? null : JsonText.of(object);
    }

    /** Returns step_data: the fields without a separate column, and the names of truncated values. */
    private static String stepData(Step step, Truncation truncation) {
        Map<String, Object> data = new LinkedHashMap<>();
        if (step.action() != null) {
            data.put("action", step.action());
        }
        addUsage(step, data, true);
        if (!step.modelCall().attachments().isEmpty()) {
            data.put("attachments", attachments(step));
        }
        addOtherFields(step, data);
        String json = JsonText.of(truncation.withTruncationFields(data));
        // The fields are measured separately only if they are long in total, which is rare.
        return Truncation.isShort(json) ? json : truncatedStepData(step, truncation);
    }

    private static String truncatedStepData(Step step, Truncation truncation) {
        Map<String, Object> otherFields = new LinkedHashMap<>();
        addOtherFields(step, otherFields);
        Map<String, Object> data = new LinkedHashMap<>();
        if (step.action() != null && truncation.json("action", step.action()) != null) {
            data.put("action", step.action());
        }
        addUsage(step, data, false);
        if (!step.modelCall().attachments().isEmpty() && truncation.json("attachments", attachments(step)) != null) {
            data.put("attachments", attachments(step));
        }
        if (truncation.json("other_fields", otherFields) != null) {
            data.putAll(otherFields);
        }
        return JsonText.of(truncation.withTruncationFields(data));
    }

    /** The counts are never omitted, because task_usage contains them too. */
    private static void addUsage(Step step, Map<String, Object> data, boolean withUnknown) {
        Usage usage = step.modelCall().usage();
        if (usage == null) {
            return;
        }
        Map<String, Object> counts = new LinkedHashMap<>();
        putIfPresent(counts, "input_tokens", usage.inputTokens());
        putIfPresent(counts, "cached_tokens", usage.cachedTokens());
        putIfPresent(counts, "output_tokens", usage.outputTokens());
        if (withUnknown) {
            counts.putAll(usage.unknown());
        }
        data.put("usage", counts);
    }

    private static void putIfPresent(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
    }

    private static List<Map<String, Object>> attachments(Step step) {
        return step.modelCall().attachments().stream().map(RowConverter::toJson).toList();
    }

    private static Map<String, Object> toJson(Attachment attachment) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("field", attachment.field());
        fields.put("path", attachment.path());
        fields.put("file_hash", attachment.fileHash());
        fields.put("file_size", attachment.fileSize());
        fields.putAll(attachment.unknown());
        return fields;
    }

    private static void addOtherFields(Step step, Map<String, Object> data) {
        if (!step.timings().isEmpty()) {
            data.put("timings", step.timings());
        }
        if (!step.resources().isEmpty()) {
            data.put("resources", step.resources());
        }
        putIfPresent(data, ModelCall.INPUT, step.modelCall().input());
        putIfPresent(data, ModelCall.OUTPUT, step.modelCall().output());
        data.putAll(step.unknown());
    }

    /** Drops screenshots over the limit, because a response contains all screenshots of a step. */
    private static List<Screenshot> withinLimit(List<Screenshot> screenshots, Truncation truncation) {
        if (screenshots.size() <= Step.MAX_SCREENSHOTS) {
            return screenshots;
        }
        truncation.list("screenshot_count", screenshots);
        return screenshots.subList(0, Step.MAX_SCREENSHOTS);
    }

    private static List<StoredScreenshot> screenshots(List<Screenshot> screenshots, Truncation truncation) {
        boolean hasAllFields = haveNoUnboundedFields(screenshots)
                || truncation.json("screenshots", unboundedFields(screenshots)) != null;
        List<StoredScreenshot> rows = new ArrayList<>(screenshots.size());
        for (Screenshot screenshot : screenshots) {
            rows.add(toRow(rows.size(), screenshot, hasAllFields, truncation));
        }
        return rows;
    }

    private static boolean haveNoUnboundedFields(List<Screenshot> screenshots) {
        return screenshots.stream()
                .allMatch(each ->
                        each.redactedRegions().isEmpty() && each.unknown().isEmpty());
    }

    /** Returns the fields of screenshots whose length the format does not limit. */
    private static List<Object> unboundedFields(List<Screenshot> screenshots) {
        return screenshots.stream()
                .flatMap(each -> Stream.<Object>of(each.redactedRegions(), each.unknown()))
                .toList();
    }

    private static @Nullable String mainScreenshotPath(List<Screenshot> screenshots) {
        for (Screenshot screenshot : screenshots) {
            if (screenshot.role() == FrameRole.BEFORE) {
                return screenshot.screenshotPath();
            }
        }
        return screenshots.isEmpty() ? null : screenshots.get(0).screenshotPath();
    }

    private static StoredScreenshot toRow(
            int screenshotIndex, Screenshot screenshot, boolean hasAllFields, Truncation truncation) {
        return new StoredScreenshot(
                screenshotIndex,
                screenshot.role().wireName(),
                screenshot.screenshotPath(),
                truncation.nameOfScreenshot(screenshotIndex, "file_hash", screenshot.fileHash()),
                screenshot.fileSize(),
                screenshot.originalSize(),
                screenshot.width(),
                screenshot.height(),
                truncation.nameOfScreenshot(screenshotIndex, "format", screenshot.format()),
                screenshot.compressed(),
                screenshot.sensitive(),
                hasAllFields && !screenshot.redactedRegions().isEmpty()
                        ? JsonText.of(screenshot.redactedRegions())
                        : "[]",
                screenshot.perceptualHash() == null
                        ? null
                        : truncation.nameOfScreenshot(screenshotIndex, "perceptual_hash", screenshot.perceptualHash()),
                screenshot.thumbnailPath(),
                screenshot.capturedAt(),
                hasAllFields ? jsonOrNull(screenshot.unknown()) : null);
    }
}
