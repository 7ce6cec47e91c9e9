package dev.steptrail.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.steptrail.store.judgements.JudgementReader.AllJudgements;
import dev.steptrail.store.judgements.NoteRepository.Note;
import dev.steptrail.store.judgements.StepLabelRepository.StepLabel;
import dev.steptrail.store.judgements.VerdictRepository.StoredVerdict;
import dev.steptrail.store.model.JsonColumn;
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
            field(json, "name", task.name());
            field(json, "description", task.description());
            field(json, "agent", task.agent());
            field(json, "model", task.model());
            field(json, "device_id", task.deviceId());
            field(json, "previous_task_id", task.previousTaskId());
            rawField(json, "metadata", task.metadata());
            field(json, "experiment", task.experiment());
            field(json, "case_id", task.caseId());
            field(json, "repeat", task.repeat());
            rawField(json, "attributes", task.attributes());
            rawFields(json, task.extraStartFields());
        });
    }

    void add(Task task, StoredStep step) throws IOException {
        writeRecord("step", task, step.createdAt(), json -> {
            field(json, "step_number", step.stepNumber());
            field(json, "step_type", step.stepType());
            field(json, "thinking", step.thinking());
            rawField(json, "action_result", step.actionResult());
            field(json, "duration_ms", step.durationMs());
            field(json, "success", step.success());
            field(json, "error_message", step.errorMessage());
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
                field(json, "status", task.status());
                field(json, "end_reason", task.endReason());
                field(json, "message", task.message());
                field(json, "last_step_number", task.lastStepNumber());
                rawFields(json, task.extraEndFields());
            });
        }
    }

    /**
     * Writes one record {@code judgements}, which the step format does not define, with everything that was added to
     * the task after its recording.
     *
     * @param usage null if no tokens are known
     */
    void addJudgements(Task task, AllJudgements judgements, @Nullable TaskUsage usage) throws IOException {
        writeObject(out, "judgements", task, task.startedAt(), json -> {
            field(json, "claimed_success", task.claimedSuccess());
            field(json, "success", task.success());
            field(json, "verdict", task.verdict());
            field(json, "verdict_source", task.verdictSource());
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
        field(json, "name", verdict.name());
        field(json, "value", verdict.score() == null ? verdict.value() : verdict.score());
        field(json, "source", verdict.source());
        field(json, "author", verdict.author());
        field(json, "evaluator", verdict.isHuman() ? null : verdict.judge());
        field(json, "evaluator_version", verdict.evaluatorVersion());
        field(json, "reason", verdict.reason());
        field(json, "judged_at", verdict.judgedAt());
    }

    private static void write(JsonGenerator json, StepLabel label) throws IOException {
        field(json, "step_number", label.stepNumber());
        field(json, "label", label.label());
        field(json, "author", label.author());
        field(json, "labelled_at", label.labelledAt());
    }

    private static void write(JsonGenerator json, Note note) throws IOException {
        field(json, "step_number", note.stepNumber());
        field(json, "author", note.author());
        field(json, "text", note.text());
        field(json, "created_at", note.createdAt());
        field(json, "edited_at", note.editedAt());
    }

    private static void write(JsonGenerator json, TaskUsage usage) throws IOException {
        json.writeObjectFieldStart("usage");
        field(json, "input_tokens", usage.inputTokens());
        field(json, "cached_tokens", usage.cachedTokens());
        field(json, "output_tokens", usage.outputTokens());
        json.writeEndObject();
        json.writeObjectFieldStart("cost");
        json.writeObjectFieldStart("amounts");
        for (Map.Entry<String, BigDecimal> amount : usage.cost().amounts().entrySet()) {
            field(json, amount.getKey(), amount.getValue().toPlainString());
        }
        json.writeEndObject();
        field(json, "unpriced_tokens", usage.cost().unpricedTokens());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, StoredScreenshot screenshot) throws IOException {
        json.writeStartObject();
        field(json, "role", screenshot.role());
        field(json, "screenshot_path", screenshot.screenshotPath());
        field(json, "file_hash", screenshot.fileHash());
        field(json, "file_size", screenshot.fileSize());
        field(json, "original_size", screenshot.originalSize());
        field(json, "width", screenshot.width());
        field(json, "height", screenshot.height());
        field(json, "format", screenshot.format());
        field(json, "compressed", screenshot.compressed());
        field(json, "sensitive", screenshot.sensitive());
        rawField(json, "redacted_regions", screenshot.redactedRegions());
        field(json, "perceptual_hash", screenshot.perceptualHash());
        field(json, "thumbnail_path", screenshot.thumbnailPath());
        field(json, "captured_at", screenshot.capturedAt());
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
            field(json, "v", 1);
            field(json, "record", kind);
            field(json, "task_id", task.taskId());
            field(json, "timestamp", timestamp);
            fields.write(json);
            json.writeEndObject();
        }
    }

    /** Writes numbers and booleans as such, and other values as text. Omits null. */
    private static void field(JsonGenerator json, String field, @Nullable Object value) throws IOException {
        if (value != null) {
            json.writeObjectField(
                    field, value instanceof Number || value instanceof Boolean ? value : value.toString());
        }
    }

    private static void rawField(JsonGenerator json, String field, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeFieldName(field);
            json.writeRawValue(value);
        }
    }

    private static void rawFields(JsonGenerator json, @Nullable String object) throws IOException {
        for (Map.Entry<String, String> field : JsonColumn.fields(object).entrySet()) {
            rawField(json, field.getKey(), field.getValue());
        }
    }
}
