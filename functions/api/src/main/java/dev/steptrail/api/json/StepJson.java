package dev.steptrail.api.json;

import com.fasterxml.jackson.databind.util.RawValue;
import dev.steptrail.store.model.JsonFields;
import dev.steptrail.store.model.StoredStep;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A step in JSON: the fields of its record, its public id, and when it was taken. Fields that this version does not know are returned
 * as they were sent, except those that would hide one of ours.
 */
public final class StepJson {
    private StepJson() {}

    public static Map<String, @Nullable Object> of(StoredStep step) {
        Map<String, RawValue> data = new LinkedHashMap<>();
        JsonFields.of(step.stepData()).forEach((name, value) -> data.put(name, new RawValue(value)));
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("step_id", step.stepId());
        json.put("task_id", step.taskId());
        json.put("step_number", step.stepNumber());
        json.put("step_type", step.stepType());
        json.put("timestamp", step.createdAt());
        json.put("created_at", step.createdAt());
        json.put("thinking", step.thinking());
        json.put("action", data.get("action"));
        json.put("action_result", step.actionResult() == null ? null : new RawValue(step.actionResult()));
        json.put("duration_ms", step.durationMs());
        json.put("success", step.success());
        json.put("error_message", step.errorMessage());
        json.put("screenshot_path", step.screenshotPath());
        json.put("timings", data.get("timings"));
        json.put("resources", data.get("resources"));
        json.put("screenshots", step.screenshots());
        data.keySet().removeAll(json.keySet());
        json.putAll(data);
        return json;
    }
}
