package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.util.NameTransformer;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.store.model.JsonColumn;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.usage.Cost;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a step: its known fields, followed by the unknown fields from the sender, unchanged. Unknown fields with a
 * reserved name are omitted. Does not use databind, which takes twice as long, because a page contains hundreds of
 * steps and screenshots.
 */
public final class StepSerializer extends StdSerializer<StoredStep> {
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

    private final OfScreenshot screenshots = new OfScreenshot(false);

    StepSerializer() {
        super(StoredStep.class);
    }

    /**
     * A step with the cost of its tokens.
     *
     * @param cost null if the tokens of the step are unknown
     */
    public record PricedStep(StoredStep step, @Nullable Cost cost) {}

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
        Map<String, String> data = JsonColumn.fields(step.stepData());
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
        writeUnknown(json, data, RESERVED_FIELDS);
    }

    /** Writes a screenshot. */
    static final class OfScreenshot extends StdSerializer<StoredScreenshot> {
        /** All field names in responses with screenshots. Unknown fields with these names are omitted. */
        private static final Set<String> RESERVED_FIELDS =
                new HashSet<>(Set.of("step_id", "task_id", "step_number", "url", "thumbnail_url", "expires_at"));

        static {
            Arrays.stream(StoredScreenshot.class.getRecordComponents())
                    .map(component -> new SnakeCaseStrategy().translate(component.getName()))
                    .filter(name ->
                            !name.equals("metadata")) // holds the unknown fields; is not a field of the response
                    .forEach(RESERVED_FIELDS::add);
        }

        private final boolean isUnwrapping;

        OfScreenshot(boolean isUnwrapping) {
            super(StoredScreenshot.class);
            this.isUnwrapping = isUnwrapping;
        }

        @Override
        public JsonSerializer<StoredScreenshot> unwrappingSerializer(NameTransformer names) {
            return new OfScreenshot(true);
        }

        @Override
        public boolean isUnwrappingSerializer() {
            return isUnwrapping;
        }

        @Override
        public void serialize(StoredScreenshot screenshot, JsonGenerator json, SerializerProvider serializers)
                throws IOException {
            if (!isUnwrapping) {
                json.writeStartObject();
            }
            json.writeNumberField("screenshot_index", screenshot.screenshotIndex());
            json.writeStringField("role", screenshot.role());
            if (!screenshot.screenshotPath().isEmpty()) { // empty if the reader may not see it
                json.writeStringField("screenshot_path", screenshot.screenshotPath());
            }
            json.writeStringField("file_hash", screenshot.fileHash());
            json.writeNumberField("file_size", screenshot.fileSize());
            json.writeNumberField("original_size", screenshot.originalSize());
            json.writeNumberField("width", screenshot.width());
            json.writeNumberField("height", screenshot.height());
            json.writeStringField("format", screenshot.format());
            json.writeBooleanField("compressed", screenshot.compressed());
            json.writeBooleanField("sensitive", screenshot.sensitive());
            writeRaw(json, "redacted_regions", screenshot.redactedRegions());
            json.writeStringField("perceptual_hash", screenshot.perceptualHash());
            json.writeStringField("thumbnail_path", screenshot.thumbnailPath());
            json.writeStringField(
                    "captured_at",
                    screenshot.capturedAt() == null ? null : RecordCodec.formatTime(screenshot.capturedAt()));
            writeUnknown(json, JsonColumn.fields(screenshot.metadata()), RESERVED_FIELDS);
            if (!isUnwrapping) {
                json.writeEndObject();
            }
        }
    }

    private static void writeUnknown(JsonGenerator json, Map<String, String> fields, Set<String> reserved)
            throws IOException {
        for (Map.Entry<String, String> field : fields.entrySet()) {
            if (!reserved.contains(field.getKey())) {
                writeRaw(json, field.getKey(), field.getValue());
            }
        }
    }

    private static void writeRaw(JsonGenerator json, String name, @Nullable String value) throws IOException {
        json.writeFieldName(name);
        json.writeRawValue(value == null ? "null" : value);
    }
}
