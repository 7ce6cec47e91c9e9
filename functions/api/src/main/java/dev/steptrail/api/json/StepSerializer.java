package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.store.model.JsonFields;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a step: its known fields, followed by the unknown fields from the sender. Unknown fields with a
 * reserved name are omitted. Does not use databind, which takes twice as long.
 */
final class StepSerializer extends StdSerializer<StoredStep> {
    private static final Set<String> RESERVED_FIELDS = Set.of(
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
            "screenshots",
            "cost");

    private final ScreenshotSerializer screenshots = new ScreenshotSerializer(false);

    StepSerializer() {
        super(StoredStep.class);
    }

    /** Writes a step with its cost. */
    static final class Priced extends StdSerializer<PricedStep> {
        private final StepSerializer steps = new StepSerializer();

        Priced() {
            super(PricedStep.class);
        }

        @Override
        public void serialize(PricedStep priced, JsonGenerator json, SerializerProvider serializers)
                throws IOException {
            json.writeStartObject();
            steps.writeFields(priced.step(), json, serializers);
            serializers.defaultSerializeField("cost", priced.cost(), json);
            json.writeEndObject();
        }
    }

    @Override
    public void serialize(StoredStep step, JsonGenerator json, SerializerProvider serializers) throws IOException {
        json.writeStartObject();
        writeFields(step, json, serializers);
        json.writeEndObject();
    }

    private void writeFields(StoredStep step, JsonGenerator json, SerializerProvider serializers) throws IOException {
        Map<String, String> data = JsonFields.of(step.stepData());
        String createdAt = RecordCodec.formatTime(step.createdAt());
        json.writeStringField("step_id", step.stepId());
        json.writeStringField("task_id", step.taskId().toString());
        json.writeNumberField("step_number", step.stepNumber());
        json.writeStringField("step_type", step.stepType());
        json.writeStringField("timestamp", createdAt);
        json.writeStringField("created_at", createdAt);
        json.writeStringField("thinking", step.thinking());
        writeRaw(json, "action", data.get("action"));
        writeRaw(json, "action_result", step.actionResult());
        json.writeObjectField("duration_ms", step.durationMs());
        json.writeObjectField("success", step.success());
        json.writeStringField("error_message", step.errorMessage());
        json.writeStringField("screenshot_path", step.screenshotPath());
        writeRaw(json, "timings", data.get("timings"));
        writeRaw(json, "resources", data.get("resources"));
        json.writeArrayFieldStart("screenshots");
        for (StoredScreenshot screenshot : step.screenshots()) {
            screenshots.serialize(screenshot, json, serializers);
        }
        json.writeEndArray();
        for (Map.Entry<String, String> unknownField : data.entrySet()) {
            if (!RESERVED_FIELDS.contains(unknownField.getKey())) {
                writeRaw(json, unknownField.getKey(), unknownField.getValue());
            }
        }
    }

    private static void writeRaw(JsonGenerator json, String name, @Nullable String value) throws IOException {
        json.writeFieldName(name);
        json.writeRawValue(value == null ? "null" : value);
    }
}
