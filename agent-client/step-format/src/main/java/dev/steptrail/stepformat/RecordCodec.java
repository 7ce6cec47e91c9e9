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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Records as JSON: one object, UTF-8, on one line (no line feed is ever written inside).
 *
 * <p>{@code decode(encode(r))} equals {@code r}, unknown fields included. Characters that Postgres cannot store (U+0000,
 * lone surrogates) become U+FFFD on the way in and out, and the record then says in the unknown field {@code
 * replaced_characters} how many there were. Of a field that comes twice the last counts.
 *
 * <p>What comes may be hostile: time and memory stay in proportion to its length. Thread-safe.
 */
public final class RecordCodec {
    /** Text longer than this in one JSON string is refused; far over what a message may inflate to. */
    static final int MAX_STRING_LENGTH = 16 * 1024 * 1024;

    /** Far over what a record may have, so that one which is too deep costs no others of its message; a level takes 60 bytes. */
    private static final int MAX_PARSED_DEPTH = 100_000;

    /** Numbers of any length are read, since {@link JsonValues#number} bounds what is made of them. */
    static final JsonFactory JSON = ForeignJson.factory()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_PARSED_DEPTH)
                    .maxNumberLength(MAX_STRING_LENGTH)
                    .maxStringLength(MAX_STRING_LENGTH)
                    .maxNameLength(MAX_STRING_LENGTH)
                    .build())
            .build();

    private RecordCodec() {}

    /** The record's JSON. */
    public static byte[] encode(StepRecord record) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(1024)) {
            encode(record, bytes);
            return bytes.toByteArray();
        }
    }

    /** Adds the record's JSON to a buffer that the caller reuses. */
    public static void encode(StepRecord record, ByteArrayOutputStream buffer) {
        encode(record, (OutputStream) buffer);
    }

    private static void encode(StepRecord record, OutputStream buffer) {
        try (JsonGenerator json = JSON.createGenerator(buffer, JsonEncoding.UTF8)) {
            new RecordWriter(json).write(record);
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
        try {
            return SurrogateEscapes.parse(text(json), RecordCodec::decode);
        } catch (IOException e) {
            throw new InvalidRecordException("the record: " + problem(e));
        }
    }

    /**
     * The text that {@code utf8} encodes.
     *
     * @throws CharacterCodingException if the bytes are not UTF-8
     */
    static String text(byte[] utf8) throws CharacterCodingException {
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            // Either the sender's own or the replacement of malformed bytes, which the decoder refuses.
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
        }
        return text;
    }

    private static StepRecord decode(String json) throws IOException, InvalidRecordException {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() == null) {
                throw new InvalidRecordException("the record: is empty");
            }
            StepRecord record = RecordReader.read(parser);
            if (parser.nextToken() != null) {
                throw new InvalidRecordException("the record: must be one JSON object, but more follows it");
            }
            return record;
        }
    }

    /** Returns the text of {@link Instant#toString}, in less time: a page of steps has hundreds of times. */
    public static String timeText(Instant time) {
        String text = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC)
                .toString();
        boolean secondsAreLeftOut = time.getNano() == 0 && Math.floorMod(time.getEpochSecond(), 60) == 0;
        return text + (secondsAreLeftOut ? ":00Z" : "Z");
    }

    /** What is wrong with text that could not be parsed. Jackson's own messages quote it, so only the place is named. */
    static String problem(IOException e) {
        if (e instanceof CharacterCodingException) {
            return "is not UTF-8";
        }
        String problem = e instanceof StreamConstraintsException
                ? "has a string of more than " + MAX_STRING_LENGTH + " characters or more than " + MAX_PARSED_DEPTH
                        + " levels"
                : "is not JSON";
        JsonLocation place = e instanceof JsonProcessingException parsing ? parsing.getLocation() : null;
        return place == null
                ? problem
                : problem + " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")";
    }
}
