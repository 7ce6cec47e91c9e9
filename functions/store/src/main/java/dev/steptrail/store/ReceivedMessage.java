package dev.steptrail.store;

import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of the queue: who sent it, and what it says.
 *
 * @param senderId the queue's word for the sender ({@code aws:userid}), not the message's own
 * @param body as it came, kept where it or a part of it must be rejected
 * @param records what the body holds; empty for a message that is rejected as a whole
 * @param rejection why the message as a whole cannot be kept, without quoting it; null for one that can be
 */
public record ReceivedMessage(
        String senderId,
        MessageBody body,
        List<MessageRecord> records,
        @Nullable String rejection) {

    public ReceivedMessage {
        records = List.copyOf(records);
    }

    /** The same message, given up. */
    public ReceivedMessage rejected(String reason) {
        return new ReceivedMessage(senderId, body, List.of(), reason);
    }
}
