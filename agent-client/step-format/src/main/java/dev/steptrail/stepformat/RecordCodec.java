package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Records as JSON: one object, UTF-8, on one line (no line feed is ever written inside).
 *
 * <p>{@code decode(encode(r))} equals {@code r}, unknown fields included. Characters that Postgres cannot store (U+0000,
 * lone surrogates) become U+FFFD on the way in and out, and the record then says in the unknown field {@code
 * replaced_characters} how many there were. Thread-safe.
 */
public final class RecordCodec {
    /** Text longer than this in one JSON string is refused; far over what a message may inflate to. */
    private static final int MAX_STRING_LENGTH = 16 * 1024 * 1024;

    static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(JsonValues.MAX_DEPTH + 5)
                            .maxStringLength(MAX_STRING_LENGTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private RecordCodec() {}

    /** The record's JSON. */
    public static byte[] encode(StepRecord record) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(1024)) {
            try (JsonGenerator json = JSON.createGenerator(bytes)) {
                new RecordWriter(json).write(record);
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        }
    }

    /**
     * The record that {@code json} holds.
     *
     * @param json one JSON object in UTF-8, with nothing but white space around it
     * @throws InvalidRecordException if it is none
     */
    public static StepRecord decode(byte[] json) throws InvalidRecordException {
        return RecordReader.read(object(json, "the record"));
    }

    /** The one JSON object that {@code json} must be; {@code what} is its name in the error. */
    static Map<?, ?> object(byte[] json, String what) throws InvalidRecordException {
        try (MappingIterator<Object> values = JSON.readerFor(
                        TypeFactory.defaultInstance().constructType(Object.class))
                .readValues(json)) {
            if (!values.hasNextValue()) {
                throw new InvalidRecordException(what + ": is empty");
            }
            if (!(values.nextValue() instanceof Map<?, ?> object)) {
                throw new InvalidRecordException(what + ": must be a JSON object");
            }
            if (values.hasNextValue()) {
                throw new InvalidRecordException(what + ": must be one JSON object, but more follows it");
            }
            return object;
        } catch (JsonProcessingException e) {
            throw new InvalidRecordException(what + ": is not JSON that can be read" + place(e));
        } catch (IOException e) {
            throw new InvalidRecordException(what + ": is not UTF-8");
        }
    }

    /** Jackson's own messages quote the text, which may be private: only the place is told. */
    private static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
    }
}
