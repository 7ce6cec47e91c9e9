package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message of the queue. Immutable. */
public final class ReceivedMessage {
    private final String senderId;
    private final MessageBody body;
    private final List<MessageRecord> records;
    private final @Nullable String rejection;
    private final RejectionCause cause;
    private final MessageReferences references;

    /**
     * Creates a message.
     *
     * @param senderId the sender according to the queue ({@code aws:userid})
     * @param body as received, for rejections
     * @param records all or some of the records in the body; for a rejected message, those that could be decoded
     * @param rejection why the whole message is rejected, without its content; null if it is not rejected
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
        this.senderId = senderId;
        this.body = body;
        this.records = List.copyOf(records);
        this.rejection = rejection;
        this.cause = cause;
        // Computed here, because messages are decoded in parallel.
        this.references = MessageReferences.of(senderId, this.records);
    }

    /** Returns the message as rejected by Postgres. If it has one record, its body contains only that record. */
    public ReceivedMessage rejected(String reason) {
        ReceivedMessage rejected = records.size() == 1 ? subset(records) : this;
        return new ReceivedMessage(senderId, rejected.body, records, reason, RejectionCause.REFUSED);
    }

    /** Returns a message whose body contains only these records. */
    ReceivedMessage subset(List<MessageRecord> selected) {
        MessageBody selectedBody =
                MessageCodec.encode(selected.stream().map(MessageRecord::json).toList());
        return new ReceivedMessage(senderId, selectedBody, selected, rejection, cause);
    }

    /** Returns one message with the same body for each record. */
    public List<ReceivedMessage> split() {
        return records.stream()
                .map(each -> new ReceivedMessage(senderId, body, List.of(each), rejection, cause))
                .toList();
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

    public @Nullable String rejection() {
        return rejection;
    }

    RejectionCause cause() {
        return cause;
    }

    MessageReferences references() {
        return references;
    }
}
