package dev.steptrail.store;

import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of the queue: who sent it, and what it says.
 *
 * @param senderId the queue's word for the sender ({@code aws:userid}), not the message's own
 * @param body as it came, kept where it or a part of it must be rejected
 * @param records what the body holds, or a part of it; of a message that is rejected as a whole, what could be read
 * @param rejection why the message as a whole cannot be kept, without quoting it; null for one that can be
 */
public record ReceivedMessage(
        String senderId,
        MessageBody body,
        List<MessageRecord> records,
        @Nullable String rejection) {

    public ReceivedMessage {
        records = List.copyOf(records);
        if (records.stream().anyMatch(MessageRecord.Claim.class::isInstance)) {
            throw new IllegalArgumentException("records: one is still in the bucket");
        }
    }

    /** The same message, given up; of one that holds a single record, that record in a message of its own. */
    public ReceivedMessage rejected(String reason) {
        ReceivedMessage kept = records.size() == 1 ? part(records) : this;
        return new ReceivedMessage(senderId, kept.body, records, reason);
    }

    /** These of its records, in a message of their own. */
    ReceivedMessage part(List<MessageRecord> some) {
        MessageBody own =
                MessageCodec.encode(some.stream().map(MessageRecord::json).toList());
        return new ReceivedMessage(senderId, own, some, rejection);
    }

    /** The first half of the records and the second, of a message that holds two or more. */
    public List<ReceivedMessage> halves() {
        int half = records.size() / 2;
        return List.of(
                new ReceivedMessage(senderId, body, records.subList(0, half), rejection),
                new ReceivedMessage(senderId, body, records.subList(half, records.size()), rejection));
    }
}
