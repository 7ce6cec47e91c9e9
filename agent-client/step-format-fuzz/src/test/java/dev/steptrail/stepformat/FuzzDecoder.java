package dev.steptrail.stepformat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * The fuzz target, called by Jazzer. Any input must either be rejected with the declared exception, or be equal after
 * it is encoded and decoded again. Any other exception is a finding.
 */
public final class FuzzDecoder {
    private FuzzDecoder() {}

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        checkRecord(input);
        checkMessage(new MessageBody(new String(input, StandardCharsets.UTF_8), null));
        checkMessage(toBase64(input));
        checkMessage(toBase64(Gzip.compress(input)));
    }

    private static void checkRecord(byte[] json) throws Exception {
        StepRecord record;
        try {
            record = RecordCodec.decode(json);
        } catch (InvalidRecordException rejected) {
            return;
        }
        byte[] encoded = RecordCodec.encode(record);
        require(RecordCodec.decode(encoded).equals(record), "record differs after encoding and decoding");
        require(
                MessageCodec.decode(MessageCodec.encode(List.of(json)))
                        .equals(List.of(new MessageRecord.Valid(record))),
                "record differs in a message");
    }

    private static void checkMessage(MessageBody body) throws Exception {
        List<MessageRecord> records;
        try {
            records = MessageCodec.decode(body);
        } catch (InvalidMessageException rejected) {
            return;
        }
        List<byte[]> elements = records.stream().map(MessageRecord::json).toList();
        require(
                MessageCodec.decode(MessageCodec.encode(elements)).equals(records),
                "message differs after encoding and decoding");
    }

    private static MessageBody toBase64(byte[] bytes) {
        return new MessageBody(Base64.getEncoder().encodeToString(bytes), MessageBody.GZIP);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalStateException(message);
        }
    }
}
