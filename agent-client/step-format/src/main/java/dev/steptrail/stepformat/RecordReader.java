package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Reads a record out of a parsed JSON object, and says of a bad one which field is wrong and what it must be. */
final class RecordReader {
    private RecordReader() {}

    /**
     * The record that begins at the parser's current token, which is at its end afterwards, good or bad.
     *
     * @throws IOException if what comes is not JSON
     */
    static StepRecord read(JsonParser json) throws IOException, InvalidRecordException {
        return FieldReader.read(object(json), "", RecordReader::record);
    }

    /** The same where a record may also be one that is still in the bucket. */
    static MessageRecord readElement(JsonParser json) throws IOException, InvalidRecordException {
        return FieldReader.read(object(json), "", RecordReader::element);
    }

    private static JsonObject object(JsonParser json) throws IOException, InvalidRecordException {
        StorableText storable = new StorableText();
        ValueReader values = new ValueReader(json, storable);
        Object value = values.read();
        if (values.problem() != null) {
            throw new InvalidRecordException("the record: " + values.problem());
        }
        if (!(value instanceof JsonObject object)) {
            throw new InvalidRecordException("the record: must be a JSON object");
        }
        return storable.replaced() == 0
                ? object
                : object.with(StorableText.MARK, storable.mark(object.get(StorableText.MARK)));
    }

    private static MessageRecord element(FieldReader fields) throws InvalidRecordException {
        if (fields.has("payload") && !fields.has("record")) {
            fields.version();
            return new MessageRecord.Claim(fields.inner("payload", RecordReader::payload));
        }
        return new MessageRecord.Valid(record(fields));
    }

    private static StepRecord record(FieldReader fields) throws InvalidRecordException {
        fields.version();
        String kind = fields.requiredText("record");
        UUID taskId = fields.required("task_id", fields.uuid("task_id"));
        Instant timestamp = fields.required("timestamp", fields.time("timestamp"));
        return switch (kind) {
            case "step" -> step(taskId, timestamp, fields);
            case "task_started" -> taskStarted(taskId, timestamp, fields);
            case "task_ended" -> taskEnded(taskId, timestamp, fields);
            case "losses" -> losses(taskId, timestamp, fields);
            default -> throw fields.wrong("record", "must be task_started, step, losses or task_ended");
        };
    }

    private static TaskStarted taskStarted(UUID taskId, Instant timestamp, FieldReader fields)
            throws InvalidRecordException {
        return new TaskStarted(
                taskId,
                timestamp,
                fields.text("name"),
                fields.text("description"),
                fields.text("agent"),
                fields.text("model"),
                fields.text("device_id"),
                fields.uuid("continues"),
                fields.text("on_behalf_of"),
                fields.objectOrEmpty("metadata"),
                fields.rest());
    }

    private static Step step(UUID taskId, Instant timestamp, FieldReader fields) throws InvalidRecordException {
        return new Step(
                taskId,
                timestamp,
                fields.required("step_number", fields.integer("step_number", 1)),
                fields.requiredText("step_type"),
                fields.text("thinking"),
                fields.object("action"),
                fields.object("action_result"),
                fields.duration("duration_ms"),
                fields.flag("success"),
                fields.text("error_message"),
                fields.objectOrEmpty("timings"),
                fields.objectOrEmpty("resources"),
                fields.list("frames", RecordReader::frame),
                fields.list("screenshots", RecordReader::screenshot),
                fields.rest());
    }

    private static Losses losses(UUID taskId, Instant timestamp, FieldReader fields) throws InvalidRecordException {
        return new Losses(
                taskId, timestamp, fields.counts("dropped_steps"), fields.counts("dropped_screenshots"), fields.rest());
    }

    private static TaskEnded taskEnded(UUID taskId, Instant timestamp, FieldReader fields)
            throws InvalidRecordException {
        return new TaskEnded(
                taskId,
                timestamp,
                fields.required("status", fields.oneOf("status", List.of(TaskStatus.values()), TaskStatus::wireName)),
                fields.oneOf("ending", List.of(Ending.values()), Ending::wireName),
                fields.text("message"),
                fields.integer("last_step_number", 0),
                fields.rest());
    }

    private static Payload payload(FieldReader fields) throws InvalidRecordException {
        String path = fields.requiredText("path");
        if (!Payload.isPath(path)) {
            throw fields.wrong("path", Payload.PATH_RULE);
        }
        String hash = fields.requiredText("file_hash");
        if (!Payload.isHash(hash)) {
            throw fields.wrong("file_hash", Payload.HASH_RULE);
        }
        return new Payload(path, hash, (int) fields.requiredNumber("file_size", 1, PayloadCodec.MAX_BYTES));
    }

    private static Frame frame(FieldReader fields) throws InvalidRecordException {
        return new Frame(
                role(fields),
                fields.requiredText("file"),
                fields.integer("width", 1),
                fields.integer("height", 1),
                fields.flagOrFalse("sensitive"),
                fields.list("redacted_regions", RecordReader::region),
                fields.time("captured_at"),
                fields.rest());
    }

    private static Screenshot screenshot(FieldReader fields) throws InvalidRecordException {
        return new Screenshot(
                role(fields),
                fields.requiredText("screenshot_path"),
                fields.requiredText("file_hash"),
                fields.requiredNumber("file_size", 0, Long.MAX_VALUE),
                fields.requiredNumber("original_size", 0, Long.MAX_VALUE),
                (int) fields.requiredNumber("width", 1, Integer.MAX_VALUE),
                (int) fields.requiredNumber("height", 1, Integer.MAX_VALUE),
                fields.requiredText("format"),
                fields.flagOrFalse("compressed"),
                fields.flagOrFalse("sensitive"),
                fields.list("redacted_regions", RecordReader::region),
                fields.text("perceptual_hash"),
                fields.text("thumbnail_path"),
                fields.time("captured_at"),
                fields.rest());
    }

    private static Region region(FieldReader fields) throws InvalidRecordException {
        return new Region(
                (int) fields.requiredNumber("x", 0, Integer.MAX_VALUE),
                (int) fields.requiredNumber("y", 0, Integer.MAX_VALUE),
                (int) fields.requiredNumber("width", 1, Integer.MAX_VALUE),
                (int) fields.requiredNumber("height", 1, Integer.MAX_VALUE));
    }

    private static FrameRole role(FieldReader fields) throws InvalidRecordException {
        return fields.required("role", fields.oneOf("role", List.of(FrameRole.values()), FrameRole::wireName));
    }
}
