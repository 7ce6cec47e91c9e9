package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Writes a record's fields in the order of the README. */
final class RecordWriter {
    private final JsonGenerator json;
    private final FieldWriter fields;

    RecordWriter(JsonGenerator json) {
        this.json = json;
        this.fields = new FieldWriter(json);
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
            fields.object("dropped_steps", losses.droppedSteps());
            fields.object("dropped_screenshots", losses.droppedScreenshots());
        }
        fields.unknownAndMark(record.unknown());
        json.writeEndObject();
    }

    private void head(String kind, StepRecord record) throws IOException {
        json.writeStringField("record", kind);
        json.writeStringField("task_id", record.taskId().toString());
        fields.time("timestamp", record.timestamp());
    }

    private void taskStarted(TaskStarted started) throws IOException {
        fields.text("name", started.name());
        fields.text("description", started.description());
        fields.text("agent", started.agent());
        fields.text("model", started.model());
        fields.text("device_id", started.deviceId());
        fields.text(
                "continues",
                started.continues() == null ? null : started.continues().toString());
        fields.text("on_behalf_of", started.onBehalfOf());
        fields.object("metadata", started.metadata());
    }

    private void step(Step step) throws IOException {
        json.writeNumberField("step_number", step.stepNumber());
        fields.text("step_type", step.stepType());
        fields.text("thinking", step.thinking());
        fields.optionalObject("action", step.action());
        fields.optionalObject("action_result", step.actionResult());
        if (step.duration() != null) {
            json.writeNumberField("duration_ms", step.duration().toMillis());
        }
        if (step.success() != null) {
            json.writeBooleanField("success", step.success());
        }
        fields.text("error_message", step.errorMessage());
        fields.object("timings", step.timings());
        fields.object("resources", step.resources());
        fields.list("frames", step.frames(), this::frame);
        fields.list("screenshots", step.screenshots(), this::screenshot);
    }

    private void taskEnded(TaskEnded ended) throws IOException {
        json.writeStringField("status", ended.status().wireName());
        fields.text("ending", ended.ending() == null ? null : ended.ending().wireName());
        fields.text("message", ended.message());
        fields.number("last_step_number", ended.lastStepNumber());
    }

    private void frame(Frame frame) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", frame.role().wireName());
        fields.text("file", frame.file());
        fields.number("width", frame.width());
        fields.number("height", frame.height());
        json.writeBooleanField("sensitive", frame.sensitive());
        fields.list("redacted_regions", frame.redactedRegions(), this::region);
        fields.time("captured_at", frame.capturedAt());
        fields.unknown(frame.unknown());
        json.writeEndObject();
    }

    private void screenshot(Screenshot screenshot) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", screenshot.role().wireName());
        fields.text("screenshot_path", screenshot.screenshotPath());
        fields.text("file_hash", screenshot.fileHash());
        json.writeNumberField("file_size", screenshot.fileSize());
        json.writeNumberField("original_size", screenshot.originalSize());
        json.writeNumberField("width", screenshot.width());
        json.writeNumberField("height", screenshot.height());
        fields.text("format", screenshot.format());
        json.writeBooleanField("compressed", screenshot.compressed());
        json.writeBooleanField("sensitive", screenshot.sensitive());
        fields.list("redacted_regions", screenshot.redactedRegions(), this::region);
        fields.text("perceptual_hash", screenshot.perceptualHash());
        fields.text("thumbnail_path", screenshot.thumbnailPath());
        fields.time("captured_at", screenshot.capturedAt());
        fields.unknown(screenshot.unknown());
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
}
