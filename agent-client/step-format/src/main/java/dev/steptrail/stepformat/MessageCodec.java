package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Messages: {@code {"v":1,"records":[…]}}, as it is up to 8 KiB, over that as gzip in base64. Thread-safe.
 *
 * <p>SQS takes 1 MiB a message and bills each 64 KiB; what a message may hold is for the sender to bound.
 */
public final class MessageCodec {
    /** From this size on the body is compressed. */
    static final int PLAIN_LIMIT = 8 * 1024;

    /** A body that inflates to more is refused: a few kilobytes of gzip can hold gigabytes. */
    public static final int MAX_INFLATED_BYTES = 8 * 1024 * 1024;

    private static final byte[] HEAD = "{\"v\":1,\"records\":[".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TAIL = "]}".getBytes(StandardCharsets.UTF_8);

    private MessageCodec() {}

    /** The message that carries {@code records}, each as {@link RecordCodec#encode} made it. */
    public static MessageBody encode(List<byte[]> records) {
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
            return new MessageBody(json.toString(StandardCharsets.UTF_8), null);
        }
        return new MessageBody(Base64.getEncoder().encodeToString(gzip(json)), MessageBody.GZIP);
    }

    /**
     * The records of a message, bad ones among them told apart.
     *
     * @throws InvalidMessageException if the body as a whole cannot be read
     */
    public static List<MessageRecord> decode(MessageBody body) throws InvalidMessageException {
        Map<?, ?> message;
        try {
            message = RecordCodec.object(plain(body), "the message");
        } catch (InvalidRecordException e) {
            throw new InvalidMessageException(e.reason());
        }
        if (!(message.get("v") instanceof Integer version) || version != StepRecord.VERSION) {
            throw new InvalidMessageException(
                    "v: must be " + StepRecord.VERSION + ", the version that this reader knows");
        }
        if (!(message.get("records") instanceof List<?> elements)) {
            throw new InvalidMessageException("records: must be an array");
        }
        List<MessageRecord> records = new ArrayList<>(elements.size());
        for (Object element : elements) {
            records.add(record(element));
        }
        return records;
    }

    private static MessageRecord record(@Nullable Object element) {
        if (!(element instanceof Map<?, ?> object)) {
            return new MessageRecord.Invalid("the record: must be a JSON object", json(element));
        }
        try {
            return new MessageRecord.Valid(RecordReader.read(object));
        } catch (InvalidRecordException e) {
            return new MessageRecord.Invalid(e.reason(), json(element));
        }
    }

    private static byte[] plain(MessageBody body) throws InvalidMessageException {
        if (body.contentEncoding() == null) {
            return body.text().getBytes(StandardCharsets.UTF_8);
        }
        if (!body.contentEncoding().equals(MessageBody.GZIP)) {
            throw new InvalidMessageException(MessageBody.CONTENT_ENCODING + ": must be " + MessageBody.GZIP);
        }
        byte[] compressed;
        try {
            compressed = Base64.getDecoder().decode(body.text());
        } catch (IllegalArgumentException e) {
            throw new InvalidMessageException("the body: is not base64");
        }
        try (InputStream inflated = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            byte[] json = inflated.readNBytes(MAX_INFLATED_BYTES + 1);
            if (json.length > MAX_INFLATED_BYTES) {
                throw new InvalidMessageException("the body: inflates to more than " + MAX_INFLATED_BYTES + " bytes");
            }
            return json;
        } catch (IOException e) {
            throw new InvalidMessageException("the body: is not gzip");
        }
    }

    private static byte[] gzip(ByteArrayOutputStream json) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(json.size() / 3);
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            json.writeTo(gzip);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        }
        return compressed.toByteArray();
    }

    private static String json(@Nullable Object element) {
        try {
            return RecordCodec.JSON.writeValueAsString(element);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("what was parsed can be written", e);
        }
    }
}
