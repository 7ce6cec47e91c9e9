package dev.steptrail.stepformat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * What must hold of any bytes: they are refused by the exception that is declared, or what is read of them comes back the same
 * when it is written and read again. Jazzer calls it; whatever is thrown is a finding.
 */
public final class FuzzDecoder {
    private FuzzDecoder() {}

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        record(input);
        message(new MessageBody(new String(input, StandardCharsets.UTF_8), null));
        message(inBase64(input));
        message(inBase64(Gzip.compress(input)));
    }

    private static void record(byte[] json) throws Exception {
        StepRecord record;
        try {
            record = RecordCodec.decode(json);
        } catch (InvalidRecordException refused) {
            return;
        }
        byte[] encoded = RecordCodec.encode(record);
        require(RecordCodec.decode(encoded).equals(record), "a record is another when it is read again");
        require(
                MessageCodec.decode(MessageCodec.encode(List.of(json)))
                        .equals(List.of(new MessageRecord.Valid(record))),
                "a record is another in a message");
    }

    private static void message(MessageBody body) throws Exception {
        List<MessageRecord> records;
        try {
            records = MessageCodec.decode(body);
        } catch (InvalidMessageException refused) {
            return;
        }
        List<byte[]> elements = records.stream().map(MessageRecord::json).toList();
        require(
                MessageCodec.decode(MessageCodec.encode(elements)).equals(records),
                "a message is another when it is read again");
    }

    private static MessageBody inBase64(byte[] bytes) {
        return new MessageBody(Base64.getEncoder().encodeToString(bytes), MessageBody.GZIP);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
