package dev.steptrail.stepformat;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One element of a message's records: a record, where one is, or what came in the place of one. */
public sealed interface MessageRecord {
    /** The element as a message can carry it. */
    byte[] json();

    /** The task that it names; null where that cannot be read. */
    @Nullable
    UUID taskId();

    /**
     * A good one.
     *
     * @param payload the object that held it; null where the message did
     */
    record Valid(StepRecord record, @Nullable Payload payload) implements MessageRecord {
        public Valid(StepRecord record) {
            this(record, null);
        }

        @Override
        public byte[] json() {
            return payload == null ? RecordCodec.encode(record) : PayloadCodec.claim(payload);
        }

        @Override
        public UUID taskId() {
            return record.taskId();
        }
    }

    /** One that is still in the bucket. */
    record Claim(Payload payload) implements MessageRecord {
        @Override
        public byte[] json() {
            return PayloadCodec.claim(payload);
        }

        @Override
        public @Nullable UUID taskId() {
            return NamedTask.ofKey(payload.path()).orElse(null);
        }
    }

    /**
     * A bad one. Its neighbours are none the worse for it.
     *
     * @param reason what is wrong, without content
     * @param text the element as it came
     */
    record Invalid(String reason, String text) implements MessageRecord {
        @Override
        public byte[] json() {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public @Nullable UUID taskId() {
            return NamedTask.of(text);
        }
    }
}
