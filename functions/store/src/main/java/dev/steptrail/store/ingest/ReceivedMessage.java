package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.store.model.RejectionCause;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A message of the queue: who sent it, and what it says. Immutable. */
public final class ReceivedMessage {
    private final String senderId;
    private final MessageBody body;
    private final List<MessageRecord> records;
    private final @Nullable String rejection;
    private final RejectionCause cause;
    private final MessageNames names;

    /**
     * @param senderId the queue's word for the sender ({@code aws:userid}), not the message's own
     * @param body as it came, kept where it or a part of it must be rejected
     * @param records what the body holds, or a part of it; of a message that is rejected as a whole, what could be read
     * @param rejection why the message as a whole cannot be kept, without quoting it; null for one that can be
     * @throws IllegalArgumentException if one of the records is still in the bucket
     */
    public ReceivedMessage(String senderId, MessageBody body, List<MessageRecord> records, @Nullable String rejection) {
        this(senderId, body, records, rejection, RejectionCause.UNREADABLE);
    }

    private ReceivedMessage(
            String senderId,
            MessageBody body,
            List<MessageRecord> records,
            @Nullable String rejection,
            RejectionCause cause) {
        if (records.stream().anyMatch(MessageRecord.Claim.class::isInstance)) {
            throw new IllegalArgumentException("records: one is still in the bucket");
        }
        this.senderId = senderId;
        this.body = body;
        this.records = List.copyOf(records);
        this.rejection = rejection;
        this.cause = cause;
        // Now, as whoever decodes messages does so by several threads, and has just touched all of them.
        this.names = MessageNames.of(senderId, this.records);
    }

    /** The same message with these of its records. */
    public ReceivedMessage with(List<MessageRecord> some) {
        return new ReceivedMessage(senderId, body, some, rejection, cause);
    }

    /** The same message with one more of its records. */
    public ReceivedMessage and(MessageRecord further) {
        return with(Stream.concat(records.stream(), Stream.of(further)).toList());
    }

    /** The same message, given up since Postgres refuses it; of one that holds a single record, that record in a message of its own. */
    public ReceivedMessage rejected(String reason) {
        ReceivedMessage kept = records.size() == 1 ? part(records) : this;
        return new ReceivedMessage(senderId, kept.body, records, reason, RejectionCause.REFUSED);
    }

    /** These of its records, in a message of their own. */
    ReceivedMessage part(List<MessageRecord> some) {
        MessageBody own =
                MessageCodec.encode(some.stream().map(MessageRecord::json).toList());
        return new ReceivedMessage(senderId, own, some, rejection, cause);
    }

    /** The first half of the records and the second, of a message that holds two or more. */
    public List<ReceivedMessage> halves() {
        int half = records.size() / 2;
        return List.of(with(records.subList(0, half)), with(records.subList(half, records.size())));
    }

    public String senderId() {
        return senderId;
    }

    public MessageBody body() {
        return body;
    }

    public List<MessageRecord> records() {
        return records;
    }

    /** Why the message as a whole cannot be kept; null for one that can be. */
    public @Nullable String rejection() {
        return rejection;
    }

    /** What kind of rejection it is, if it is one. */
    RejectionCause cause() {
        return cause;
    }

    MessageNames names() {
        return names;
    }
}
