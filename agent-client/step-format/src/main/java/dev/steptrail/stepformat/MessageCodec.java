package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Encodes and decodes messages: {@code {"v":1,"records":[…]}}. A message of more than 8 KiB, or with characters that
 * SQS rejects, is encoded as gzip in base64. Thread-safe.
 *
 * <p>Does not limit the size of an encoded message; the sender must. SQS accepts 1 MiB and bills per 64 KiB.
 */
public final class MessageCodec {
    /** The maximum size in bytes of an uncompressed body. */
    static final int PLAIN_LIMIT = 8 * 1024;

    /** The maximum size in bytes of a decompressed body. 1 MiB of gzip can contain 1 GiB. */
    public static final int MAX_INFLATED_BYTES = 8 * 1024 * 1024;

    /** The maximum number of records in a message. 8 MiB could contain four million invalid records. */
    public static final int MAX_RECORDS = 10_000;

    /**
     * The maximum length of a record in characters. Larger values are {@link Attachment}s of the record. A response of
     * the API has room for several records of this length.
     */
    public static final int MAX_RECORD_LENGTH = 256 * 1024;

    private static final byte[] HEAD = "{\"v\":1,\"records\":[".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TAIL = "]}".getBytes(StandardCharsets.UTF_8);

    private static final String RECORDS_RULE = "records: must be at most " + MAX_RECORDS;
    private static final String LENGTH_RULE = "the record must have at most " + MAX_RECORD_LENGTH + " characters";

    private MessageCodec() {}

    /**
     * Encodes a message.
     *
     * @param records at most {@value #MAX_RECORDS} results of {@link RecordCodec#encode}
     * @throws IllegalArgumentException if there are more than {@value #MAX_RECORDS} records
     */
    public static MessageBody encode(List<byte[]> records) {
        if (records.size() > MAX_RECORDS) {
            throw new IllegalArgumentException(RECORDS_RULE);
        }
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        json.writeBytes(HEAD);
        for (int i = 0; i < records.size(); i++) {
            if (i > 0) {
                json.write(',');
            }
            json.writeBytes(records.get(i));
        }
        json.writeBytes(TAIL);
        if (json.size() <= PLAIN_LIMIT) {
            String text = json.toString(StandardCharsets.UTF_8);
            if (isAcceptedBySqs(text)) {
                return new MessageBody(text, null);
            }
        }
        byte[] compressed = Gzip.compress(json.toByteArray());
        return new MessageBody(Base64.getEncoder().encodeToString(compressed), MessageBody.GZIP);
    }

    /** Of the characters that SQS rejects (API reference, SendMessage), only these two occur in encoded JSON. */
    private static boolean isAcceptedBySqs(String text) {
        return text.indexOf('\uFFFE') < 0 && text.indexOf('\uFFFF') < 0;
    }

    /**
     * Decodes a message. Invalid records become {@link MessageRecord.Invalid}. Fields of the message other than
     * {@code v} and {@code records} are ignored.
     *
     * @throws InvalidMessageException if the message itself is invalid
     */
    public static List<MessageRecord> decode(MessageBody body) throws InvalidMessageException {
        return decode(decompress(body));
    }

    /**
     * Decodes the JSON of a message, for callers that check its size between decompressing and decoding.
     *
     * @param json the result of {@link #decompress}
     * @throws InvalidMessageException if the message itself is invalid
     */
    public static List<MessageRecord> decode(String json) throws InvalidMessageException {
        try {
            return TextSanitizer.parseWithReplacedEscapes(json, MessageCodec::parseMessage);
        } catch (IOException e) {
            throw new InvalidMessageException("the message " + RecordCodec.describeError(e));
        }
    }

    /**
     * Returns the JSON of a message, decompressed but not validated.
     *
     * @throws InvalidMessageException if the body does not match its encoding, or is larger than
     *     {@value #MAX_INFLATED_BYTES} bytes after decompression
     */
    public static String decompress(MessageBody body) throws InvalidMessageException {
        if (body.contentEncoding() == null) {
            return body.text();
        }
        if (!body.contentEncoding().equals(MessageBody.GZIP)) {
            throw new InvalidMessageException(MessageBody.CONTENT_ENCODING + ": must be " + MessageBody.GZIP);
        }
        try {
            return RecordCodec.decodeUtf8(
                    Gzip.decompress(decodeBase64(body.text()), MAX_INFLATED_BYTES, "the message"));
        } catch (IOException e) {
            throw new InvalidMessageException("the message " + RecordCodec.describeError(e));
        }
    }

    private static byte[] decodeBase64(String base64) throws InvalidMessageException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new InvalidMessageException("the message is not base64");
        }
    }

    private static List<MessageRecord> parseMessage(String source) throws IOException, InvalidMessageException {
        try (JsonParser json = RecordCodec.JSON.createParser(source)) {
            return parseMessage(json, source);
        }
    }

    private static List<MessageRecord> parseMessage(JsonParser json, String source)
            throws IOException, InvalidMessageException {
        JsonToken first = json.nextToken();
        if (first != JsonToken.START_OBJECT) {
            throw new InvalidMessageException(
                    first == null ? "the message is empty" : "the message must be a JSON object");
        }
        boolean isSupportedVersion = false;
        List<MessageRecord> records = null;
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            if (field.equals("v")) {
                isSupportedVersion =
                        value == JsonToken.VALUE_NUMBER_INT && json.getText().equals("" + StepRecord.VERSION);
            } else if (field.equals("records")) {
                records = value == JsonToken.START_ARRAY ? parseRecords(json, source) : null;
            }
            json.skipChildren();
        }
        if (json.nextToken() != null) {
            throw new InvalidMessageException("the message must be one JSON object without further data");
        }
        if (!isSupportedVersion) {
            throw new InvalidMessageException("v: must be " + StepRecord.VERSION + ", the only supported version");
        }
        if (records == null) {
            throw new InvalidMessageException("records: must be an array");
        }
        return records;
    }

    private static List<MessageRecord> parseRecords(JsonParser json, String source)
            throws IOException, InvalidMessageException {
        List<MessageRecord> records = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (records.size() == MAX_RECORDS) {
                throw new InvalidMessageException(RECORDS_RULE);
            }
            int start = (int) json.currentTokenLocation().getCharOffset();
            MessageRecord record;
            try {
                record = new MessageRecord.Valid(RecordReader.read(json));
            } catch (InvalidRecordException e) {
                record = new MessageRecord.Invalid(e.reason(), elementText(json, source, start));
            }
            if (json.currentLocation().getCharOffset() - start > MAX_RECORD_LENGTH) {
                record = new MessageRecord.Invalid(LENGTH_RULE, elementText(json, source, start));
            }
            records.add(record);
        }
        return records;
    }

    private static String elementText(JsonParser json, String source, int start) {
        return source.substring(start, (int) json.currentLocation().getCharOffset());
    }
}
