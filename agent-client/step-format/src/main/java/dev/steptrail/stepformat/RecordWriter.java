package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record's fields in the order of the README, leaving out those that are null or empty, with their text made {@link
 * StorableText storable}.
 */
final class RecordWriter {
    private final JsonGenerator json;
    private final StorableText storable = new StorableText();

    /** Writes one element of an array. */
    @FunctionalInterface
    private interface Element<T> {
        void write(T element) throws IOException;
    }

    RecordWriter(JsonGenerator json) {
        this.json = json;
    }

    void write(StepRecord record) throws IOException {
        json.writeStartObject();
        json.writeNumberField("v", StepRecord.VERSION);
        if (record instanceof Step step) {
            head("step", record);
            step(step);
        } else if (record instanceof TaskStarted started) {
            head("task_started", record);
            taskStarted(started);
        } else if (record instanceof TaskEnded ended) {
            head("task_ended", record);
            taskEnded(ended);
        } else if (record instanceof Losses losses) {
            head("losses", record);
            object("dropped_steps", losses.droppedSteps());
            object("dropped_screenshots", losses.droppedScreenshots());
        }
        unknownAndMark(record.unknown());
        json.writeEndObject();
    }

    private void head(String kind, StepRecord record) throws IOException {
        json.writeStringField("record", kind);
        json.writeStringField("task_id", record.taskId().toString());
        time("timestamp", record.timestamp());
    }

    private void taskStarted(TaskStarted started) throws IOException {
        text("name", started.name());
        text("description", started.description());
        text("agent", started.agent());
        text("model", started.model());
        text("device_id", started.deviceId());
        text(
                "continues",
                started.continues() == null ? null : started.continues().toString());
        text("on_behalf_of", started.onBehalfOf());
        object("metadata", started.metadata());
    }

    private void step(Step step) throws IOException {
        json.writeNumberField("step_number", step.stepNumber());
        text("step_type", step.stepType());
        text("thinking", step.thinking());
        optionalObject("action", step.action());
        optionalObject("action_result", step.actionResult());
        if (step.duration() != null) {
            json.writeNumberField("duration_ms", step.duration().toMillis());
        }
        if (step.success() != null) {
            json.writeBooleanField("success", step.success());
        }
        text("error_message", step.errorMessage());
        object("timings", step.timings());
        object("resources", step.resources());
        list("frames", step.frames(), this::frame);
        list("screenshots", step.screenshots(), this::screenshot);
    }

    private void taskEnded(TaskEnded ended) throws IOException {
        json.writeStringField("status", ended.status().wireName());
        text("ending", ended.ending() == null ? null : ended.ending().wireName());
        text("message", ended.message());
        number("last_step_number", ended.lastStepNumber());
    }

    private void frame(Frame frame) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", frame.role().wireName());
        text("file", frame.file());
        number("width", frame.width());
        number("height", frame.height());
        json.writeBooleanField("sensitive", frame.sensitive());
        list("redacted_regions", frame.redactedRegions(), this::region);
        time("captured_at", frame.capturedAt());
        unknown(frame.unknown());
        json.writeEndObject();
    }

    private void screenshot(Screenshot screenshot) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", screenshot.role().wireName());
        text("screenshot_path", screenshot.screenshotPath());
        text("file_hash", screenshot.fileHash());
        json.writeNumberField("file_size", screenshot.fileSize());
        json.writeNumberField("original_size", screenshot.originalSize());
        json.writeNumberField("width", screenshot.width());
        json.writeNumberField("height", screenshot.height());
        text("format", screenshot.format());
        json.writeBooleanField("compressed", screenshot.compressed());
        json.writeBooleanField("sensitive", screenshot.sensitive());
        list("redacted_regions", screenshot.redactedRegions(), this::region);
        text("perceptual_hash", screenshot.perceptualHash());
        text("thumbnail_path", screenshot.thumbnailPath());
        time("captured_at", screenshot.capturedAt());
        unknown(screenshot.unknown());
        json.writeEndObject();
    }

    private void region(Region region) throws IOException {
        json.writeStartObject();
        json.writeNumberField("x", region.x());
        json.writeNumberField("y", region.y());
        json.writeNumberField("width", region.width());
        json.writeNumberField("height", region.height());
        json.writeEndObject();
    }

    private void time(String field, @Nullable Instant time) throws IOException {
        if (time != null) {
            json.writeStringField(field, RecordCodec.timeText(time));
        }
    }

    private void text(String field, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(field, storable.of(text));
        }
    }

    private void number(String field, @Nullable Integer number) throws IOException {
        if (number != null) {
            json.writeNumberField(field, number);
        }
    }

    private void object(String field, Map<String, ?> object) throws IOException {
        if (!object.isEmpty()) {
            optionalObject(field, object);
        }
    }

    private void optionalObject(String field, @Nullable Map<String, ?> object) throws IOException {
        if (object != null) {
            field(field, object);
        }
    }

    private <T> void list(String field, List<T> elements, Element<T> writer) throws IOException {
        if (!elements.isEmpty()) {
            json.writeArrayFieldStart(field);
            for (T element : elements) {
                writer.write(element);
            }
            json.writeEndArray();
        }
    }

    private void unknown(Map<String, Object> unknown) throws IOException {
        for (Map.Entry<String, Object> field : unknown.entrySet()) {
            field(field.getKey(), field.getValue());
        }
    }

    /** The mark goes last: only then is it known how many characters were replaced. */
    private void unknownAndMark(Map<String, Object> unknown) throws IOException {
        for (Map.Entry<String, Object> field : unknown.entrySet()) {
            if (!field.getKey().equals(StorableText.MARK)) {
                field(field.getKey(), field.getValue());
            }
        }
        if (storable.replaced() > 0 || unknown.containsKey(StorableText.MARK)) {
            field(StorableText.MARK, storable.mark(unknown.get(StorableText.MARK)));
        }
    }

    private void field(String name, @Nullable Object value) throws IOException {
        json.writeFieldName(storable.of(name));
        value(value);
    }

    private void value(@Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof String text) {
            json.writeString(storable.of(text));
        } else if (value instanceof Integer number) {
            json.writeNumber(number);
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Number number) {
            json.writeNumber(number.toString());
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Map<?, ?> object) {
            json.writeStartObject();
            for (Map.Entry<?, ?> field : object.entrySet()) {
                field((String) field.getKey(), field.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof Iterable<?> elements) {
            json.writeStartArray();
            for (Object element : elements) {
                value(element);
            }
            json.writeEndArray();
        } else {
            throw new IllegalArgumentException("no JSON value: " + value.getClass());
        }
    }
}
