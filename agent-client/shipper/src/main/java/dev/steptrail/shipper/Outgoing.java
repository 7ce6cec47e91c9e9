package dev.steptrail.shipper;

import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import java.util.ArrayList;
import java.util.List;

/** A message and the batch that it is of. */
record Outgoing(Batch batch, List<Batch.Sendable> records, MessageBody body) {
    /** The records of a batch in one message, or, where they grew by their screenshots, in as many as it takes. */
    static List<Outgoing> of(Batch batch, List<Batch.Sendable> records) {
        if (records.isEmpty()) {
            return List.of();
        }
        Outgoing whole = message(batch, records);
        if (records.size() == 1 || whole.body().text().length() <= PayloadShipper.MAX_BODY_BYTES) {
            return List.of(whole);
        }
        int half = records.size() / 2;
        List<Outgoing> parts = new ArrayList<>(of(batch, records.subList(0, half)));
        parts.addAll(of(batch, records.subList(half, records.size())));
        return parts;
    }

    /** The same records, each in a message of its own. */
    List<Outgoing> singly() {
        return records.stream().map(record -> message(batch, List.of(record))).toList();
    }

    private static Outgoing message(Batch batch, List<Batch.Sendable> records) {
        return new Outgoing(
                batch,
                records,
                MessageCodec.encode(records.stream().map(Batch.Sendable::json).toList()));
    }
}
