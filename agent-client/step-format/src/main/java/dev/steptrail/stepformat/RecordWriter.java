package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of a record in the order of {@code FORMAT.md} and {@link TextSanitizer sanitizes} their text. Omits
 * fields that are null or empty.
 */
final class RecordWriter {
    private final JsonGenerator json;
    private final TextSanitizer sanitizer = new TextSanitizer();

    @FunctionalInterface
    private interface ElementWriter<T> {
        void write(T element) throws IOException;
    }

    RecordWriter(JsonGenerator json) {
        this.json = json;
    }

    void write(StepRecord record) throws IOException {
        json.writeStartObject();
        json.writeNumberField("v", StepRecord.VERSION);
        if (record instanceof Step step) {
            writeHead("step", record);
            writeStep(step);
        } else if (record instanceof TaskStarted started) {
            writeHead("task_started", record);
            writeTaskStarted(started);
        } else if (record instanceof TaskEnded ended) {
            writeHead("task_ended", record);
            writeTaskEnded(ended);
        } else if (record instanceof Losses losses) {
            writeHead("losses", record);
            writeNonEmptyObject("dropped_steps", losses.droppedSteps());
            writeNonEmptyObject("dropped_screenshots", losses.droppedScreenshots());
        } else if (record instanceof Verdict verdict) {
            writeHead("verdict", record);
            writeVerdict(verdict);
        }
        writeUnknownAndReplaced(record.unknown());
        json.writeEndObject();
    }

    private void writeHead(String kind, StepRecord record) throws IOException {
        json.writeStringField("record", kind);
        json.writeStringField("task_id", record.taskId().toString());
        writeTime("timestamp", record.timestamp());
    }

    private void writeTaskStarted(TaskStarted started) throws IOException {
        writeText("name", started.name());
        writeText("description", started.description());
        writeText("agent", started.agent());
        writeText("model", started.model());
        writeText("device_id", started.deviceId());
        writeText(
                "previous_task_id",
                started.previousTaskId() == null
                        ? null
                        : started.previousTaskId().toString());
        writeText("on_behalf_of", started.onBehalfOf());
        writeNonEmptyObject("metadata", started.metadata());
        ExperimentCase place = started.experimentCase();
        writeText("experiment", place.experiment());
        writeText("case_id", place.caseId());
        writeNumber("repeat", place.repeat());
        writeNonEmptyObject("attributes", place.attributes());
        writeList("attachments", started.attachments(), this::writeAttachment);
    }

    private void writeStep(Step step) throws IOException {
        json.writeNumberField("step_number", step.stepNumber());
        writeText("step_type", step.stepType());
        writeText("thinking", step.thinking());
        writeObject("action", step.action());
        writeObject("action_result", step.actionResult());
        if (step.duration() != null) {
            json.writeNumberField("duration_ms", step.duration().toMillis());
        }
        if (step.success() != null) {
            json.writeBooleanField("success", step.success());
        }
        writeText("error_message", step.errorMessage());
        writeNonEmptyObject("timings", step.timings());
        writeNonEmptyObject("resources", step.resources());
        writeModelCall(step.modelCall());
        writeList("attachments", step.attachments(), this::writeAttachment);
        writeList("frames", step.frames(), this::writeFrame);
        writeList("screenshots", step.screenshots(), this::writeScreenshot);
    }

    private void writeModelCall(ModelCall call) throws IOException {
        Usage usage = call.usage();
        if (usage != null) {
            writeField("usage", usage);
        }
        if (call.input() != null) {
            writeField(ModelCall.INPUT, call.input());
        }
        if (call.output() != null) {
            writeField(ModelCall.OUTPUT, call.output());
        }
    }

    private void writeUsage(Usage usage) throws IOException {
        json.writeStartObject();
        writeNumber("input_tokens", usage.inputTokens());
        writeNumber("cached_tokens", usage.cachedTokens());
        writeNumber("output_tokens", usage.outputTokens());
        writeUnknown(usage.unknown());
        json.writeEndObject();
    }

    private void writeAttachment(Attachment attachment) throws IOException {
        json.writeStartObject();
        writeText("field", attachment.field());
        writeText("path", attachment.path());
        writeText("file_hash", attachment.fileHash());
        writeNumber("file_size", attachment.fileSize());
        writeNumber("original_size", attachment.originalSize());
        writeUnknown(attachment.unknown());
        json.writeEndObject();
    }

    private void writeVerdict(Verdict verdict) throws IOException {
        writeText("name", verdict.name());
        json.writeFieldName("value");
        if (verdict.value() instanceof VerdictValue.Score score) {
            json.writeNumber(score.number());
        } else {
            json.writeString(((VerdictValue.Label) verdict.value()).wireName());
        }
        writeText("evaluator", verdict.evaluator());
        writeText("evaluator_version", verdict.evaluatorVersion());
        writeText("reason", verdict.reason());
    }

    private void writeTaskEnded(TaskEnded ended) throws IOException {
        json.writeStringField("status", ended.status().wireName());
        writeText(
                "end_reason",
                ended.endReason() == null ? null : ended.endReason().wireName());
        writeText("message", ended.message());
        writeNumber("last_step_number", ended.lastStepNumber());
        writeList("attachments", ended.attachments(), this::writeAttachment);
    }

    private void writeFrame(Frame frame) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", frame.role().wireName());
        writeText("file", frame.file());
        writeNumber("width", frame.width());
        writeNumber("height", frame.height());
        json.writeBooleanField("sensitive", frame.sensitive());
        writeList("redacted_regions", frame.redactedRegions(), this::writeRegion);
        writeTime("captured_at", frame.capturedAt());
        writeUnknown(frame.unknown());
        json.writeEndObject();
    }

    private void writeScreenshot(Screenshot screenshot) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", screenshot.role().wireName());
        writeText("screenshot_path", screenshot.screenshotPath());
        writeText("file_hash", screenshot.fileHash());
        json.writeNumberField("file_size", screenshot.fileSize());
        json.writeNumberField("original_size", screenshot.originalSize());
        json.writeNumberField("width", screenshot.width());
        json.writeNumberField("height", screenshot.height());
        writeText("format", screenshot.format());
        json.writeBooleanField("compressed", screenshot.compressed());
        json.writeBooleanField("sensitive", screenshot.sensitive());
        writeList("redacted_regions", screenshot.redactedRegions(), this::writeRegion);
        writeText("perceptual_hash", screenshot.perceptualHash());
        writeText("thumbnail_path", screenshot.thumbnailPath());
        writeTime("captured_at", screenshot.capturedAt());
        writeUnknown(screenshot.unknown());
        json.writeEndObject();
    }

    private void writeRegion(Region region) throws IOException {
        json.writeStartObject();
        json.writeNumberField("x", region.x());
        json.writeNumberField("y", region.y());
        json.writeNumberField("width", region.width());
        json.writeNumberField("height", region.height());
        json.writeEndObject();
    }

    private void writeTime(String field, @Nullable Instant time) throws IOException {
        if (time != null) {
            json.writeStringField(field, RecordCodec.formatTime(time));
        }
    }

    private void writeText(String field, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(field, sanitizer.sanitize(text));
        }
    }

    private void writeNumber(String field, @Nullable Integer number) throws IOException {
        if (number != null) {
            json.writeNumberField(field, number);
        }
    }

    private void writeNonEmptyObject(String field, Map<String, ?> object) throws IOException {
        if (!object.isEmpty()) {
            writeObject(field, object);
        }
    }

    private void writeObject(String field, @Nullable Map<String, ?> object) throws IOException {
        if (object != null) {
            writeField(field, object);
        }
    }

    private <T> void writeList(String field, List<T> elements, ElementWriter<T> writer) throws IOException {
        if (!elements.isEmpty()) {
            json.writeArrayFieldStart(field);
            for (T element : elements) {
                writer.write(element);
            }
            json.writeEndArray();
        }
    }

    private void writeUnknown(Map<String, Object> unknown) throws IOException {
        for (Map.Entry<String, Object> field : unknown.entrySet()) {
            writeField(field.getKey(), field.getValue());
        }
    }

    /** Writes the number of replaced characters last, because it includes those of the unknown fields. */
    private void writeUnknownAndReplaced(Map<String, Object> unknown) throws IOException {
        for (Map.Entry<String, Object> field : unknown.entrySet()) {
            if (!field.getKey().equals(TextSanitizer.REPLACED)) {
                writeField(field.getKey(), field.getValue());
            }
        }
        if (sanitizer.replaced() > 0 || unknown.containsKey(TextSanitizer.REPLACED)) {
            writeField(TextSanitizer.REPLACED, sanitizer.totalReplaced(unknown.get(TextSanitizer.REPLACED)));
        }
    }

    private void writeField(String name, @Nullable Object value) throws IOException {
        json.writeFieldName(sanitizer.sanitize(name));
        writeValue(value);
    }

    void writeValue(@Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof String text) {
            json.writeString(sanitizer.sanitize(text));
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
                writeField((String) field.getKey(), field.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof Iterable<?> elements) {
            json.writeStartArray();
            for (Object element : elements) {
                writeValue(element);
            }
            json.writeEndArray();
        } else if (value instanceof Region region) {
            writeRegion(region);
        } else if (value instanceof Usage usage) {
            writeUsage(usage);
        } else if (value instanceof Attachment attachment) {
            writeAttachment(attachment);
        } else {
            throw new IllegalArgumentException("not a JSON value: " + value.getClass());
        }
    }
}
