package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Converts parsed JSON objects to records. The error of an invalid record names the field and its rule. */
final class RecordReader {
    private RecordReader() {}

    /**
     * Reads the record at the parser's current token. Moves the parser to the record's last token, even on errors.
     *
     * @throws IOException if the input is not JSON
     */
    static StepRecord read(JsonParser json) throws IOException, InvalidRecordException {
        return read(parseObject(json));
    }

    /** Converts an object that is already parsed. */
    static StepRecord read(JsonObject object) throws InvalidRecordException {
        return FieldReader.read(object, "", RecordReader::readRecord);
    }

    static JsonObject parseObject(JsonParser json) throws IOException, InvalidRecordException {
        TextSanitizer sanitizer = new TextSanitizer();
        ValueReader values = new ValueReader(json, sanitizer);
        Object value = values.read();
        if (values.problem() != null) {
            throw new InvalidRecordException("the record " + values.problem());
        }
        if (!(value instanceof JsonObject object)) {
            throw new InvalidRecordException("the record must be a JSON object");
        }
        return sanitizer.replaced() == 0
                ? object
                : object.withField(TextSanitizer.REPLACED, sanitizer.totalReplaced(object.get(TextSanitizer.REPLACED)));
    }

    private static StepRecord readRecord(FieldReader fields) throws InvalidRecordException {
        fields.requireVersion();
        String kind = fields.readRequiredText("record");
        UUID taskId = fields.require("task_id", fields.readUuid("task_id"));
        Instant timestamp = fields.require("timestamp", fields.readTime("timestamp"));
        return switch (kind) {
            case "step" -> readStep(taskId, timestamp, fields);
            case "task_started" -> readTaskStarted(taskId, timestamp, fields);
            case "task_ended" -> readTaskEnded(taskId, timestamp, fields);
            case "losses" -> readLosses(taskId, timestamp, fields);
            case "verdict" -> readVerdict(taskId, timestamp, fields);
            default -> throw fields.error("record", "must be task_started, step, losses, task_ended or verdict");
        };
    }

    private static TaskStarted readTaskStarted(UUID taskId, Instant timestamp, FieldReader fields)
            throws InvalidRecordException {
        return new TaskStarted(
                taskId,
                timestamp,
                fields.readText("name"),
                fields.readText("description"),
                fields.readText("agent"),
                fields.readText("model"),
                fields.readText("device_id"),
                fields.readUuid("previous_task_id"),
                fields.readText("on_behalf_of"),
                fields.readObjectOrEmpty("metadata"),
                new ExperimentCase(
                        fields.readText("experiment"),
                        fields.readText("case_id"),
                        fields.readInteger("repeat", 0),
                        fields.readObjectOrEmpty("attributes")),
                fields.readList("attachments", RecordReader::readAttachment),
                fields.remaining());
    }

    private static Step readStep(UUID taskId, Instant timestamp, FieldReader fields) throws InvalidRecordException {
        return new Step(
                taskId,
                timestamp,
                fields.require("step_number", fields.readInteger("step_number", 1)),
                fields.readRequiredText("step_type"),
                fields.readText("thinking"),
                fields.readObject("action"),
                fields.readObject("action_result"),
                fields.readDuration("duration_ms"),
                fields.readFlag("success"),
                fields.readText("error_message"),
                fields.readObjectOrEmpty("timings"),
                fields.readObjectOrEmpty("resources"),
                new ModelCall(
                        fields.has("usage") ? fields.readNested("usage", RecordReader::readUsage) : null,
                        fields.readValue(ModelCall.INPUT),
                        fields.readValue(ModelCall.OUTPUT)),
                fields.readList("attachments", RecordReader::readAttachment),
                fields.readList("frames", RecordReader::readFrame),
                fields.readList("screenshots", RecordReader::readScreenshot),
                fields.remaining());
    }

    private static Losses readLosses(UUID taskId, Instant timestamp, FieldReader fields) throws InvalidRecordException {
        return new Losses(
                taskId,
                timestamp,
                fields.readCounts("dropped_steps"),
                fields.readCounts("dropped_screenshots"),
                fields.remaining());
    }

    private static TaskEnded readTaskEnded(UUID taskId, Instant timestamp, FieldReader fields)
            throws InvalidRecordException {
        return new TaskEnded(
                taskId,
                timestamp,
                fields.require(
                        "status", fields.readOneOf("status", List.of(TaskStatus.values()), TaskStatus::wireName)),
                fields.readOneOf("end_reason", List.of(EndReason.values()), EndReason::wireName),
                fields.readText("message"),
                fields.readInteger("last_step_number", 0),
                fields.readList("attachments", RecordReader::readAttachment),
                fields.remaining());
    }

    private static Verdict readVerdict(UUID taskId, Instant timestamp, FieldReader fields)
            throws InvalidRecordException {
        String name = fields.readText("name");
        return new Verdict(
                taskId,
                timestamp,
                name == null ? Verdict.SUCCESS : name,
                readVerdictValue(fields),
                fields.readRequiredText("evaluator"),
                fields.readText("evaluator_version"),
                fields.readText("reason"),
                fields.remaining());
    }

    private static VerdictValue readVerdictValue(FieldReader fields) throws InvalidRecordException {
        Object value = fields.require("value", fields.readValue("value"));
        if (value instanceof Number number) {
            return new VerdictValue.Score(number.doubleValue());
        }
        for (VerdictValue.Label label : VerdictValue.Label.values()) {
            if (label.wireName().equals(value)) {
                return label;
            }
        }
        throw fields.error("value", Verdict.VALUE_RULE);
    }

    private static Usage readUsage(FieldReader fields) throws InvalidRecordException {
        return new Usage(
                fields.readInteger("input_tokens", 0),
                fields.readInteger("cached_tokens", 0),
                fields.readInteger("output_tokens", 0),
                fields.remaining());
    }

    private static Attachment readAttachment(FieldReader fields) throws InvalidRecordException {
        return new Attachment(
                fields.readRequiredText("field"),
                fields.readRequiredText("path"),
                fields.readRequiredText("file_hash"),
                (int) fields.readRequiredNumber("file_size", 1, Attachment.MAX_BYTES),
                (int) fields.readRequiredNumber("original_size", 1, Attachment.MAX_BYTES),
                fields.remaining());
    }

    private static Frame readFrame(FieldReader fields) throws InvalidRecordException {
        return new Frame(
                readRole(fields),
                fields.readRequiredText("file"),
                fields.readInteger("width", 1),
                fields.readInteger("height", 1),
                fields.readFlagOrFalse("sensitive"),
                fields.readList("redacted_regions", RecordReader::readRegion),
                fields.readTime("captured_at"),
                fields.remaining());
    }

    private static Screenshot readScreenshot(FieldReader fields) throws InvalidRecordException {
        return new Screenshot(
                readRole(fields),
                fields.readRequiredText("screenshot_path"),
                fields.readRequiredText("file_hash"),
                fields.readRequiredNumber("file_size", 0, Long.MAX_VALUE),
                fields.readRequiredNumber("original_size", 0, Long.MAX_VALUE),
                (int) fields.readRequiredNumber("width", 1, Integer.MAX_VALUE),
                (int) fields.readRequiredNumber("height", 1, Integer.MAX_VALUE),
                fields.readRequiredText("format"),
                fields.readFlagOrFalse("compressed"),
                fields.readFlagOrFalse("sensitive"),
                fields.readList("redacted_regions", RecordReader::readRegion),
                fields.readText("perceptual_hash"),
                fields.readText("thumbnail_path"),
                fields.readTime("captured_at"),
                fields.remaining());
    }

    private static Region readRegion(FieldReader fields) throws InvalidRecordException {
        return new Region(
                (int) fields.readRequiredNumber("x", 0, Integer.MAX_VALUE),
                (int) fields.readRequiredNumber("y", 0, Integer.MAX_VALUE),
                (int) fields.readRequiredNumber("width", 1, Integer.MAX_VALUE),
                (int) fields.readRequiredNumber("height", 1, Integer.MAX_VALUE));
    }

    private static FrameRole readRole(FieldReader fields) throws InvalidRecordException {
        return fields.require("role", fields.readOneOf("role", List.of(FrameRole.values()), FrameRole::wireName));
    }
}
