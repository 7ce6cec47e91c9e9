package dev.steptrail.shipper;

import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.PayloadCodec;
import java.util.List;
import java.util.UUID;

/** Stores records that are too large for a message, which then names them. */
final class PayloadShipper {
    /** SQS takes 1 MiB; a quarter of it leaves room for attributes and for smaller queues. */
    static final int MAX_BODY_BYTES = 240 * 1024;

    /** What is longer may be cut in the database. */
    private static final int MAX_RECORD_BYTES = 256 * 1024;

    /** In such a record nothing is too large, compressed or not. */
    private static final int SURELY_SMALL = 64 * 1024;

    private final ScreenshotBucket bucket;
    private final String sender;

    PayloadShipper(ScreenshotBucket bucket, String sender) {
        this.bucket = bucket;
        this.sender = sender;
    }

    /**
     * Stores a record; what it returns is to be sent in its place. The same record is stored under the same key, so again is
     * harmless.
     *
     * @throws UnsendableException if it is larger than anybody would read
     * @throws ShipException if it cannot be stored now
     */
    byte[] store(UUID taskId, byte[] record) throws UnsendableException, ShipException {
        requireReadable("", record);
        byte[] object = PayloadCodec.encode(record);
        requireReadable(" compressed", object);
        String hash = PayloadCodec.hash(object);
        String key = Payload.FOLDER + "/" + sender + "/" + taskId + "/" + hash + ".json.gz";
        bucket.put(key, object, "application/gzip");
        return PayloadCodec.claim(new Payload(key, hash, object.length));
    }

    static boolean fitsIntoAMessage(byte[] record) {
        return record.length <= SURELY_SMALL
                || (record.length <= MAX_RECORD_BYTES
                        && MessageCodec.encode(List.of(record)).text().length() <= MAX_BODY_BYTES);
    }

    private static void requireReadable(String form, byte[] bytes) throws UnsendableException {
        if (bytes.length > PayloadCodec.MAX_BYTES) {
            throw new UnsendableException("the record: has " + bytes.length + " bytes" + form
                    + ", and may have at most " + PayloadCodec.MAX_BYTES);
        }
    }
}
