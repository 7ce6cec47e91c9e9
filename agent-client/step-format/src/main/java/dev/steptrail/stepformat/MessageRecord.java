package dev.steptrail.stepformat;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An element of a message: a record, or an invalid element. */
public sealed interface MessageRecord {
    /** Returns the element's JSON, for encoding it in another message. */
    byte[] json();

    /** Returns the id of the element's task, or null if the element does not contain one. */
    @Nullable
    UUID taskId();

    /** A valid record. */
    record Valid(StepRecord record) implements MessageRecord {
        @Override
        public byte[] json() {
            return RecordCodec.encode(record);
        }

        @Override
        public UUID taskId() {
            return record.taskId();
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
            return TaskId.findIn(text);
        }
    }
}
