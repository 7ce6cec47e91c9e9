package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Records that a message cannot carry: the record's JSON as gzip is an object of the bucket, and in the message stands, in
 * the place of the record, where that is. Thread-safe.
 */
public final class PayloadCodec {
    /** Neither a record's JSON nor the object that holds it may have more bytes: as much as a whole message inflates to. */
    public static final int MAX_BYTES = MessageCodec.MAX_INFLATED_BYTES;

    private PayloadCodec() {}

    /** The object that holds {@code record}, which {@link RecordCodec#encode} made. */
    public static byte[] encode(byte[] record) {
        return Gzip.compress(record);
    }

    /** The SHA-256 of an object's bytes, as {@link Payload#fileHash} tells it. */
    public static String hash(byte[] object) {
        return Sha256.hex(object);
    }

    /** What stands in a message for the record that {@code payload} holds: {@code {"v":1,"payload":{…}}}. */
    public static byte[] claim(Payload payload) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder()) {
            try (JsonGenerator json = RecordCodec.JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
                json.writeStartObject();
                json.writeNumberField("v", StepRecord.VERSION);
                json.writeObjectFieldStart("payload");
                json.writeStringField("path", payload.path());
                json.writeStringField("file_hash", payload.fileHash());
                json.writeNumberField("file_size", payload.fileSize());
                json.writeEndObject();
                json.writeEndObject();
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        }
    }

    /**
     * The record's JSON, not yet looked at.
     *
     * @param object the bytes that were found at the payload's path, or more than it should have of them
     * @throws InvalidMessageException if they are not the payload's, no gzip, or inflate to more than {@link #MAX_BYTES}
     */
    public static byte[] json(Payload payload, byte[] object) throws InvalidMessageException {
        if (object.length != payload.fileSize()) {
            throw new InvalidMessageException("payload.file_size: the object has another size");
        }
        if (!hash(object).equals(payload.fileHash())) {
            throw new InvalidMessageException("payload.file_hash: the object has another hash");
        }
        return Gzip.expand(object, MAX_BYTES, "payload");
    }
}
