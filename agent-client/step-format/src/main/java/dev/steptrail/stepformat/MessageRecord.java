package dev.steptrail.stepformat;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An element of a message: a record, a reference to a record in the bucket, or an invalid element. */
public sealed interface MessageRecord {
    /** Returns the element's JSON, for encoding it in another message. */
    byte[] json();

    /** Returns the id of the element's task, or null if the element does not contain one. */
    @Nullable
    UUID taskId();

    /**
     * A valid record.
     *
     * @param payload the object from which the record was read; null if the message itself contained the record
     */
    record Valid(StepRecord record, @Nullable Payload payload) implements MessageRecord {
        public Valid(StepRecord record) {
            this(record, null);
        }

        @Override
        public byte[] json() {
            return payload == null ? RecordCodec.encode(record) : PayloadCodec.encodeClaim(payload);
        }

        @Override
        public UUID taskId() {
            return record.taskId();
        }
    }

    /** A claim check: a reference to a record that is stored in the bucket. */
    record Claim(Payload payload) implements MessageRecord {
        @Override
        public byte[] json() {
            return PayloadCodec.encodeClaim(payload);
        }

        @Override
        public @Nullable UUID taskId() {
            return TaskIdExtractor.fromKey(payload.path()).orElse(null);
        }
    }

    /**
     * An invalid element. It does not affect the other elements of the message.
     *
     * @param reason the problem; does not quote the element
     * @param text the JSON of the element as received
     */
    record Invalid(String reason, String text) implements MessageRecord {
        @Override
        public byte[] json() {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public @Nullable UUID taskId() {
            return TaskIdExtractor.fromElement(text);
        }
    }
}
