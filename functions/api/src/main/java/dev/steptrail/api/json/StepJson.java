package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.store.model.JsonFields;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * A step in JSON: the fields of its record, its public id, and when it was taken. Fields that this version does not know come
 * as they were sent, but for those that would hide one of ours.
 */
public final class StepJson {
    private static final Set<String> OWN = Set.of(
            "step_id",
            "task_id",
            "step_number",
            "step_type",
            "timestamp",
            "created_at",
            "thinking",
            "action",
            "action_result",
            "duration_ms",
            "success",
            "error_message",
            "screenshot_path",
            "timings",
            "resources",
            "screenshots");

    private StepJson() {}

    public static void write(JsonGenerator json, StoredStep step) throws IOException {
        Map<String, String> data = JsonFields.of(step.stepData());
        json.writeStartObject();
        Json.text(json, "step_id", step.stepId());
        Json.text(json, "task_id", step.taskId());
        Json.number(json, "step_number", step.stepNumber());
        Json.text(json, "step_type", step.stepType());
        Json.time(json, "timestamp", step.createdAt());
        Json.time(json, "created_at", step.createdAt());
        Json.text(json, "thinking", step.thinking());
        Json.raw(json, "action", data.get("action"));
        Json.raw(json, "action_result", step.actionResult());
        Json.number(json, "duration_ms", step.durationMs());
        Json.flag(json, "success", step.success());
        Json.text(json, "error_message", step.errorMessage());
        Json.text(json, "screenshot_path", step.screenshotPath());
        Json.raw(json, "timings", data.get("timings"));
        Json.raw(json, "resources", data.get("resources"));
        json.writeArrayFieldStart("screenshots");
        for (StoredScreenshot screenshot : step.screenshots()) {
            json.writeStartObject();
            ScreenshotJson.fields(json, screenshot);
            json.writeEndObject();
        }
        json.writeEndArray();
        Json.others(json, data, OWN);
        json.writeEndObject();
    }
}
