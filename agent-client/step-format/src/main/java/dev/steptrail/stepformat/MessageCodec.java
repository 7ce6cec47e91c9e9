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
 * Messages: {@code {"v":1,"records":[…]}}, as it is up to 8 KiB, over that as gzip in base64, and so as well where it holds
 * characters that SQS refuses. Thread-safe.
 *
 * <p>SQS takes 1 MiB a message and bills each 64 KiB; what a message may hold is for the sender to bound.
 */
public final class MessageCodec {
    /** From this size on the body is compressed. */
    static final int PLAIN_LIMIT = 8 * 1024;

    /** A body that inflates to more is refused: a few kilobytes of gzip can hold gigabytes. */
    public static final int MAX_INFLATED_BYTES = 8 * 1024 * 1024;

    /** A message of more records is refused: eight megabytes could hold four million bad ones, each with its reason. */
    public static final int MAX_RECORDS = 10_000;

    /** Of records that are still in the bucket a message names no more: each is fetched by itself. */
    public static final int MAX_CLAIMS = 20;

    private static final byte[] HEAD = "{\"v\":1,\"records\":[".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TAIL = "]}".getBytes(StandardCharsets.UTF_8);

    private static final String RECORDS_RULE = "records: must be at most " + MAX_RECORDS;
    private static final String CLAIMS_RULE = "payload: must be at most " + MAX_CLAIMS + " in a message";

    private MessageCodec() {}

    /**
     * The message that carries {@code records}.
     *
     * @param records at most {@value #MAX_RECORDS}, each as {@link RecordCodec#encode} or, at most {@value #MAX_CLAIMS} of
     *     them, as {@link PayloadCodec#claim} made it
     * @throws IllegalArgumentException if there are more
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
            if (isTakenBySqs(text)) {
                return new MessageBody(text, null);
            }
        }
        byte[] compressed = Gzip.compress(json.toByteArray());
        return new MessageBody(Base64.getEncoder().encodeToString(compressed), MessageBody.GZIP);
    }

    /** SQS refuses the two (API reference, SendMessage); what else it refuses JSON has escaped or cannot be in UTF-8. */
    private static boolean isTakenBySqs(String text) {
        return text.indexOf('\uFFFE') < 0 && text.indexOf('\uFFFF') < 0;
    }

    /**
     * The records of a message; bad ones are {@link MessageRecord.Invalid}. Fields of the message besides {@code v} and {@code
     * records} are ignored.
     *
     * @throws InvalidMessageException if the body as a whole cannot be read
     */
    public static List<MessageRecord> decode(MessageBody body) throws InvalidMessageException {
        return decode(json(body));
    }

    /**
     * The records of a message from its JSON, for a reader that must first know how long that is.
     *
     * @param json as {@link #json} made it
     * @throws InvalidMessageException if it as a whole cannot be read
     */
    public static List<MessageRecord> decode(String json) throws InvalidMessageException {
        try {
            return SurrogateEscapes.parse(json, MessageCodec::message);
        } catch (IOException e) {
            throw new InvalidMessageException("the message: " + RecordCodec.problem(e));
        }
    }

    /**
     * The JSON of a message, inflated, not yet looked at.
     *
     * @throws InvalidMessageException if the body is not what its encoding says, or inflates to more than {@value
     *     #MAX_INFLATED_BYTES} bytes
     */
    public static String json(MessageBody body) throws InvalidMessageException {
        if (body.contentEncoding() == null) {
            return body.text();
        }
        if (!body.contentEncoding().equals(MessageBody.GZIP)) {
            throw new InvalidMessageException(MessageBody.CONTENT_ENCODING + ": must be " + MessageBody.GZIP);
        }
        try {
            return RecordCodec.text(Gzip.expand(bytes(body.text()), MAX_INFLATED_BYTES, "the message"));
        } catch (IOException e) {
            throw new InvalidMessageException("the message: " + RecordCodec.problem(e));
        }
    }

    private static byte[] bytes(String base64) throws InvalidMessageException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new InvalidMessageException("the message: is not base64");
        }
    }

    private static List<MessageRecord> message(String whole) throws IOException, InvalidMessageException {
        try (JsonParser json = RecordCodec.JSON.createParser(whole)) {
            return message(json, whole);
        }
    }

    private static List<MessageRecord> message(JsonParser json, String whole)
            throws IOException, InvalidMessageException {
        JsonToken first = json.nextToken();
        if (first != JsonToken.START_OBJECT) {
            throw new InvalidMessageException(
                    first == null ? "the message: is empty" : "the message: must be a JSON object");
        }
        boolean ours = false;
        List<MessageRecord> records = null;
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            if (field.equals("v")) {
                ours = value == JsonToken.VALUE_NUMBER_INT && json.getText().equals("" + StepRecord.VERSION);
            } else if (field.equals("records")) {
                records = value == JsonToken.START_ARRAY ? records(json, whole) : null;
            }
            json.skipChildren();
        }
        if (json.nextToken() != null) {
            throw new InvalidMessageException("the message: must be one JSON object, but more follows it");
        }
        if (!ours) {
            throw new InvalidMessageException(
                    "v: must be " + StepRecord.VERSION + ", the version that this reader knows");
        }
        if (records == null) {
            throw new InvalidMessageException("records: must be an array");
        }
        return records;
    }

    private static List<MessageRecord> records(JsonParser json, String whole)
            throws IOException, InvalidMessageException {
        List<MessageRecord> records = new ArrayList<>();
        int claims = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (records.size() == MAX_RECORDS) {
                throw new InvalidMessageException(RECORDS_RULE);
            }
            long start = json.currentTokenLocation().getCharOffset();
            try {
                MessageRecord element = RecordReader.readElement(json);
                if (element instanceof MessageRecord.Claim && ++claims > MAX_CLAIMS) {
                    throw new InvalidRecordException(CLAIMS_RULE);
                }
                records.add(element);
            } catch (InvalidRecordException e) {
                String text = whole.substring(
                        (int) start, (int) json.currentLocation().getCharOffset());
                records.add(new MessageRecord.Invalid(e.reason(), text));
            }
        }
        return records;
    }
}
