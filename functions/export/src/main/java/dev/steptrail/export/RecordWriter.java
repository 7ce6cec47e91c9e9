package dev.steptrail.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.store.model.JsonFields;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.model.Task;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the records of a task in the step format, one per line, from its rows. Unknown values are omitted. */
final class RecordWriter {
    private static final JsonFactory JSON = new JsonFactory();

    private final Writer out;

    RecordWriter(Writer out) {
        this.out = out;
    }

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    /** Writes the record before the steps. */
    void begin(Task task) throws IOException {
        if (!task.announced()) {
            return;
        }
        line("task_started", task, task.startedAt(), json -> {
            text(json, "name", task.name());
            text(json, "description", task.description());
            text(json, "agent", task.agent());
            text(json, "model", task.model());
            text(json, "device_id", task.deviceId());
            text(json, "continues", task.continues());
            raw(json, "metadata", task.metadata());
            others(json, task.startedFields());
        });
    }

    void add(Task task, StoredStep step) throws IOException {
        line("step", task, step.createdAt(), json -> {
            json.writeNumberField("step_number", step.stepNumber());
            text(json, "step_type", step.stepType());
            text(json, "thinking", step.thinking());
            raw(json, "action_result", step.actionResult());
            if (step.durationMs() != null) {
                json.writeNumberField("duration_ms", step.durationMs());
            }
            if (step.success() != null) {
                json.writeBooleanField("success", step.success());
            }
            text(json, "error_message", step.errorMessage());
            others(json, step.stepData()); // action, timings, resources and unknown fields
            if (!step.screenshots().isEmpty()) {
                json.writeArrayFieldStart("screenshots");
                for (StoredScreenshot screenshot : step.screenshots()) {
                    write(json, screenshot);
                }
                json.writeEndArray();
            }
        });
    }

    /** Writes the records after the steps. */
    void end(Task task) throws IOException {
        Instant last = task.endedAt() != null ? task.endedAt() : task.lastStepAt();
        if (task.losses() != null) {
            line("losses", task, last == null ? task.startedAt() : last, json -> others(json, task.losses()));
        }
        if (task.endedAt() != null && !task.status().equals("archived")) {
            line("task_ended", task, task.endedAt(), json -> {
                text(json, "status", task.status());
                text(json, "ending", task.ending());
                text(json, "message", task.message());
                if (task.lastStepNumber() != null) {
                    json.writeNumberField("last_step_number", task.lastStepNumber());
                }
                others(json, task.endedFields());
            });
        }
    }

    private static void write(JsonGenerator json, StoredScreenshot screenshot) throws IOException {
        json.writeStartObject();
        text(json, "role", screenshot.role());
        text(json, "screenshot_path", screenshot.screenshotPath());
        text(json, "file_hash", screenshot.fileHash());
        json.writeNumberField("file_size", screenshot.fileSize());
        json.writeNumberField("original_size", screenshot.originalSize());
        json.writeNumberField("width", screenshot.width());
        json.writeNumberField("height", screenshot.height());
        text(json, "format", screenshot.format());
        json.writeBooleanField("compressed", screenshot.compressed());
        json.writeBooleanField("sensitive", screenshot.sensitive());
        raw(json, "redacted_regions", screenshot.redactedRegions());
        text(json, "perceptual_hash", screenshot.perceptualHash());
        text(json, "thumbnail_path", screenshot.thumbnailPath());
        text(json, "captured_at", screenshot.capturedAt());
        others(json, screenshot.metadata());
        json.writeEndObject();
    }

    private void line(String kind, Task task, Instant timestamp, Fields fields) throws IOException {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeNumberField("v", 1);
            text(json, "record", kind);
            text(json, "task_id", task.taskId());
            text(json, "timestamp", timestamp);
            fields.write(json);
            json.writeEndObject();
        }
        out.write(line.toString().replace('\n', ' ').replace('\r', ' ')); // line breaks between tokens of raw JSON
        out.write('\n');
    }

    private static void text(JsonGenerator json, String field, @Nullable Object value) throws IOException {
        if (value != null) {
            json.writeStringField(field, value.toString());
        }
    }

    private static void raw(JsonGenerator json, String field, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeFieldName(field);
            json.writeRawValue(value);
        }
    }

    private static void others(JsonGenerator json, @Nullable String object) throws IOException {
        for (Map.Entry<String, String> field : JsonFields.of(object).entrySet()) {
            raw(json, field.getKey(), field.getValue());
        }
    }
}
