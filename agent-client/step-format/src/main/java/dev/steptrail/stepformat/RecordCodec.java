package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and decodes records as JSON: one object in UTF-8 on one line.
 *
 * <p>{@code decode(encode(r))} equals {@code r}, including unknown fields. Encoding and decoding replace characters
 * that PostgreSQL cannot store (U+0000, lone surrogates) with U+FFFD and add their number to the unknown field
 * {@code replaced_characters}. If a field occurs twice, the last value wins.
 *
 * <p>Input may be hostile: time and memory are proportional to its length. Thread-safe.
 */
public final class RecordCodec {
    /** The maximum length of a JSON string in characters. Higher than the maximum size of a message. */
    static final int MAX_STRING_LENGTH = 16 * 1024 * 1024;

    /**
     * The parser's limit of nested levels; each takes 60 bytes of memory. Much higher than the limit of a record, so
     * that a record which is nested too deeply does not affect the other records of its message.
     */
    private static final int MAX_PARSED_DEPTH = 100_000;

    /** Accepts numbers of any length, because {@link JsonValues#parseNumber} limits it. */
    static final JsonFactory JSON = UntrustedJson.factoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_PARSED_DEPTH)
                    .maxNumberLength(MAX_STRING_LENGTH)
                    .maxStringLength(MAX_STRING_LENGTH)
                    .maxNameLength(MAX_STRING_LENGTH)
                    .build())
            .build();

    private RecordCodec() {}

    public static byte[] encode(StepRecord record) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(1024)) {
            encode(bytes, writer -> writer.write(record));
            return bytes.toByteArray();
        }
    }

    /**
     * Encodes a value of a record: a normalized JSON value, a {@link Region}, {@link Usage} or {@link Attachment}, or a
     * map or list of these.
     */
    public static byte[] encodeValue(@Nullable Object value) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(1024)) {
            encode(bytes, writer -> writer.writeValue(value));
            return bytes.toByteArray();
        }
    }

    @FunctionalInterface
    private interface Content {
        void writeTo(RecordWriter writer) throws IOException;
    }

    private static void encode(OutputStream buffer, Content content) {
        try (JsonGenerator json = JSON.createGenerator(buffer, JsonEncoding.UTF8)) {
            content.writeTo(new RecordWriter(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Decodes a record.
     *
     * @param json one JSON object in UTF-8; white space around it is ignored
     * @throws InvalidRecordException if {@code json} is not a valid record
     */
    public static StepRecord decode(byte[] json) throws InvalidRecordException {
        try {
            return TextSanitizer.parseWithReplacedEscapes(decodeUtf8(json), RecordCodec::decode);
        } catch (IOException e) {
            throw new InvalidRecordException("the record " + describeError(e));
        }
    }

    /**
     * Decodes UTF-8.
     *
     * @throws CharacterCodingException if the bytes are not UTF-8
     */
    static String decodeUtf8(byte[] utf8) throws CharacterCodingException {
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            // Either U+FFFD was sent, or it replaces malformed bytes. The decoder throws in the second case.
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
        }
        return text;
    }

    private static StepRecord decode(String json) throws IOException, InvalidRecordException {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() == null) {
                throw new InvalidRecordException("the record is empty");
            }
            StepRecord record = RecordReader.read(parser);
            if (parser.nextToken() != null) {
                throw new InvalidRecordException("the record must be one JSON object without further data");
            }
            return record;
        }
    }

    /** Like {@link Instant#toString}, but faster, because a page of steps contains hundreds of times. */
    public static String formatTime(Instant time) {
        String text = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC)
                .toString();
        boolean secondsAreOmitted = time.getNano() == 0 && Math.floorMod(time.getEpochSecond(), 60) == 0;
        return text + (secondsAreOmitted ? ":00Z" : "Z");
    }

    /** Describes a parse error. Jackson's messages quote the input, so the description contains only the position. */
    static String describeError(IOException e) {
        if (e instanceof CharacterCodingException) {
            return "is not UTF-8";
        }
        String problem = e instanceof StreamConstraintsException
                ? "has a string of more than " + MAX_STRING_LENGTH + " characters or more than " + MAX_PARSED_DEPTH
                        + " levels"
                : "is not JSON";
        JsonLocation location = e instanceof JsonProcessingException parsing ? parsing.getLocation() : null;
        return location == null
                ? problem
                : problem + " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
