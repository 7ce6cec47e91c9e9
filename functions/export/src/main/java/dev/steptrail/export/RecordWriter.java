package dev.steptrail.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.steptrail.store.judgements.JudgementReader.AllJudgements;
import dev.steptrail.store.judgements.NoteRepository.Note;
import dev.steptrail.store.judgements.StepLabelRepository.StepLabel;
import dev.steptrail.store.judgements.VerdictRepository.StoredVerdict;
import dev.steptrail.store.model.JsonFields;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.usage.TaskUsage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a task's rows as JSON Lines in the step format. Null values are omitted. */
final class RecordWriter {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    private final Writer out;

    RecordWriter(Writer out) {
        this.out = out;
    }

    private interface FieldWriter {
        void write(JsonGenerator json) throws IOException;
    }

    /** Writes {@code task_started}, unless the database has not received it. */
    void begin(Task task) throws IOException {
        if (!task.startReceived()) {
            return;
        }
        writeRecord("task_started", task, task.startedAt(), json -> {
            textField(json, "name", task.name());
            textField(json, "description", task.description());
            textField(json, "agent", task.agent());
            textField(json, "model", task.model());
            textField(json, "device_id", task.deviceId());
            textField(json, "previous_task_id", task.previousTaskId());
            rawField(json, "metadata", task.metadata());
            textField(json, "experiment", task.experiment());
            textField(json, "case_id", task.caseId());
            if (task.repeat() != null) {
                json.writeNumberField("repeat", task.repeat());
            }
            rawField(json, "attributes", task.attributes());
            rawFields(json, task.extraStartFields());
        });
    }

    void add(Task task, StoredStep step) throws IOException {
        writeRecord("step", task, step.createdAt(), json -> {
            json.writeNumberField("step_number", step.stepNumber());
            textField(json, "step_type", step.stepType());
            textField(json, "thinking", step.thinking());
            rawField(json, "action_result", step.actionResult());
            if (step.durationMs() != null) {
                json.writeNumberField("duration_ms", step.durationMs());
            }
            if (step.success() != null) {
                json.writeBooleanField("success", step.success());
            }
            textField(json, "error_message", step.errorMessage());
            rawFields(json, step.stepData()); // action, timings, resources and unknown fields
            if (!step.screenshots().isEmpty()) {
                json.writeArrayFieldStart("screenshots");
                for (StoredScreenshot screenshot : step.screenshots()) {
                    write(json, screenshot);
                }
                json.writeEndArray();
            }
        });
    }

    /** Writes {@code losses} and {@code task_ended}, if the task has them. */
    void end(Task task) throws IOException {
        Instant last = task.endedAt() != null ? task.endedAt() : task.lastStepAt();
        if (task.losses() != null) {
            writeRecord("losses", task, last == null ? task.startedAt() : last, json -> rawFields(json, task.losses()));
        }
        if (task.endedAt() != null && !task.status().equals("archived")) { // replaces the end status
            writeRecord("task_ended", task, task.endedAt(), json -> {
                textField(json, "status", task.status());
                textField(json, "end_reason", task.endReason());
                textField(json, "message", task.message());
                if (task.lastStepNumber() != null) {
                    json.writeNumberField("last_step_number", task.lastStepNumber());
                }
                rawFields(json, task.extraEndFields());
            });
        }
    }

    /**
     * Writes one record {@code judgements}, which the step format does not define, with everything that was added to the
     * task after its recording.
     *
     * @param usage null if no tokens are known
     */
    void addJudgements(Task task, AllJudgements judgements, @Nullable TaskUsage usage) throws IOException {
        writeObject(out, "judgements", task, task.startedAt(), json -> {
            booleanField(json, "claimed_success", task.claimedSuccess());
            booleanField(json, "success", task.success());
            textField(json, "verdict", task.verdict());
            textField(json, "verdict_source", task.verdictSource());
            json.writeArrayFieldStart("tags");
            for (String tag : task.tags()) {
                json.writeString(tag);
            }
            json.writeEndArray();
            writeArray(json, "verdicts", judgements.verdicts(), RecordWriter::write);
            writeArray(json, "labels", judgements.labels(), RecordWriter::write);
            writeArray(json, "notes", judgements.notes(), RecordWriter::write);
            if (usage != null) {
                write(json, usage);
            }
        });
        out.write('\n');
    }

    /** Returns whether the record of judgements contains something that other records do not contain. */
    static boolean hasJudgements(Task task, AllJudgements judgements, @Nullable TaskUsage usage) {
        return !task.tags().isEmpty() || usage != null || !judgements.isEmpty();
    }

    private interface ItemWriter<T> {
        void write(JsonGenerator json, T item) throws IOException;
    }

    private static <T> void writeArray(JsonGenerator json, String field, Iterator<T> items, ItemWriter<T> writer)
            throws IOException {
        json.writeArrayFieldStart(field);
        while (items.hasNext()) {
            json.writeStartObject();
            writer.write(json, items.next());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, StoredVerdict verdict) throws IOException {
        textField(json, "name", verdict.name());
        textField(json, "value", verdict.value());
        if (verdict.score() != null) {
            json.writeNumberField("value", verdict.score());
        }
        textField(json, "source", verdict.source());
        textField(json, "author", verdict.author());
        textField(json, "evaluator", verdict.isHuman() ? null : verdict.judge());
        textField(json, "evaluator_version", verdict.evaluatorVersion());
        textField(json, "reason", verdict.reason());
        textField(json, "judged_at", verdict.judgedAt());
    }

    private static void write(JsonGenerator json, StepLabel label) throws IOException {
        json.writeNumberField("step_number", label.stepNumber());
        textField(json, "label", label.label());
        textField(json, "author", label.author());
        textField(json, "labelled_at", label.labelledAt());
    }

    private static void write(JsonGenerator json, Note note) throws IOException {
        if (note.stepNumber() != null) {
            json.writeNumberField("step_number", note.stepNumber());
        }
        textField(json, "author", note.author());
        textField(json, "text", note.text());
        textField(json, "created_at", note.createdAt());
        textField(json, "edited_at", note.editedAt());
    }

    private static void write(JsonGenerator json, TaskUsage usage) throws IOException {
        json.writeObjectFieldStart("usage");
        json.writeNumberField("input_tokens", usage.inputTokens());
        json.writeNumberField("cached_tokens", usage.cachedTokens());
        json.writeNumberField("output_tokens", usage.outputTokens());
        json.writeEndObject();
        json.writeObjectFieldStart("cost");
        json.writeObjectFieldStart("amounts");
        for (Map.Entry<String, BigDecimal> amount : usage.cost().amounts().entrySet()) {
            json.writeStringField(amount.getKey(), amount.getValue().toPlainString());
        }
        json.writeEndObject();
        json.writeNumberField("unpriced_tokens", usage.cost().unpricedTokens());
        json.writeEndObject();
    }

    private static void booleanField(JsonGenerator json, String field, @Nullable Boolean value) throws IOException {
        if (value != null) {
            json.writeBooleanField(field, value);
        }
    }

    private static void write(JsonGenerator json, StoredScreenshot screenshot) throws IOException {
        json.writeStartObject();
        textField(json, "role", screenshot.role());
        textField(json, "screenshot_path", screenshot.screenshotPath());
        textField(json, "file_hash", screenshot.fileHash());
        json.writeNumberField("file_size", screenshot.fileSize());
        json.writeNumberField("original_size", screenshot.originalSize());
        json.writeNumberField("width", screenshot.width());
        json.writeNumberField("height", screenshot.height());
        textField(json, "format", screenshot.format());
        json.writeBooleanField("compressed", screenshot.compressed());
        json.writeBooleanField("sensitive", screenshot.sensitive());
        rawField(json, "redacted_regions", screenshot.redactedRegions());
        textField(json, "perceptual_hash", screenshot.perceptualHash());
        textField(json, "thumbnail_path", screenshot.thumbnailPath());
        textField(json, "captured_at", screenshot.capturedAt());
        rawFields(json, screenshot.metadata());
        json.writeEndObject();
    }

    private void writeRecord(String kind, Task task, Instant timestamp, FieldWriter fields) throws IOException {
        StringWriter line = new StringWriter();
        writeObject(line, kind, task, timestamp, fields);
        out.write(
                line.toString().replace('\n', ' ').replace('\r', ' ')); // raw JSON may have line breaks between tokens
        out.write('\n');
    }

    private static void writeObject(Writer out, String kind, Task task, Instant timestamp, FieldWriter fields)
            throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("v", 1);
            textField(json, "record", kind);
            textField(json, "task_id", task.taskId());
            textField(json, "timestamp", timestamp);
            fields.write(json);
            json.writeEndObject();
        }
    }

    private static void textField(JsonGenerator json, String field, @Nullable Object value) throws IOException {
        if (value != null) {
            json.writeStringField(field, value.toString());
        }
    }

    private static void rawField(JsonGenerator json, String field, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeFieldName(field);
            json.writeRawValue(value);
        }
    }

    private static void rawFields(JsonGenerator json, @Nullable String object) throws IOException {
        for (Map.Entry<String, String> field : JsonFields.of(object).entrySet()) {
            rawField(json, field.getKey(), field.getValue());
        }
    }
}
