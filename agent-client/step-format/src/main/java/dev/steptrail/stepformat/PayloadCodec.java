package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Encodes records that are too large for a message. The record's JSON is stored in the bucket as gzip, and the message
 * contains a reference to this object (the claim check pattern). Thread-safe.
 */
public final class PayloadCodec {
    /** The maximum size in bytes, both of the record's JSON and of the compressed object. */
    public static final int MAX_BYTES = MessageCodec.MAX_INFLATED_BYTES;

    private PayloadCodec() {}

    /** Returns the content of the object for {@code record}, a result of {@link RecordCodec#encode}. */
    public static byte[] encode(byte[] record) {
        return Gzip.compress(record);
    }

    /** Returns the value of {@link Payload#fileHash} for an object. */
    public static String hash(byte[] object) {
        return Sha256.hex(object);
    }

    /** Returns the reference to {@code payload} for a message: {@code {"v":1,"payload":{…}}}. */
    public static byte[] encodeClaim(Payload payload) {
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
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the JSON of a record, decompressed but not validated.
     *
     * @param object the content of the object; callers may stop reading after one byte more than
     *     {@link Payload#fileSize}, because a longer object is rejected
     * @throws InvalidMessageException if size or hash do not match {@code payload}, or if the object is not gzip
     *     or inflates to more than {@link #MAX_BYTES}
     */
    public static byte[] decompress(Payload payload, byte[] object) throws InvalidMessageException {
        if (object.length != payload.fileSize()) {
            throw new InvalidMessageException("payload.file_size: does not match the size of the object");
        }
        if (!hash(object).equals(payload.fileHash())) {
            throw new InvalidMessageException("payload.file_hash: does not match the hash of the object");
        }
        return Gzip.decompress(object, MAX_BYTES, "payload:");
    }
}
