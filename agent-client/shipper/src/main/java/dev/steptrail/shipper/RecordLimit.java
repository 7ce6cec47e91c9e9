package dev.steptrail.shipper;

import dev.steptrail.stepformat.MessageCodec;
import java.util.List;

/** What a record may have so that a message can carry it. */
final class RecordLimit {
    /** SQS takes 1 MiB; a quarter of it leaves room for attributes and for smaller queues. */
    static final int MAX_BODY_BYTES = 240 * 1024;

    /** What is left of the bound to which a reader inflates a message, with room for its envelope. */
    private static final int MAX_RECORD_BYTES = MessageCodec.MAX_INFLATED_BYTES - 1024;

    private RecordLimit() {}

    /** The record as it is sent. */
    static byte[] sendable(byte[] json) throws UnsendableException {
        if (json.length > BatchRules.MAX_BYTES
                && (json.length > MAX_RECORD_BYTES
                        || MessageCodec.encode(List.of(json)).text().length() > MAX_BODY_BYTES)) {
            throw new UnsendableException("the record: has " + json.length + " bytes, more than a message can carry");
        }
        return json;
    }
}
