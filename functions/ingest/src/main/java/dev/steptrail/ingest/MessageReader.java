package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.stepformat.InvalidMessageException;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.store.ReceivedMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes a message of the queue. One that cannot be read comes out rejected, with its reason. */
final class MessageReader {
    private MessageReader() {}

    static ReceivedMessage read(SQSMessage message) {
        MessageBody body =
                new MessageBody(message.getBody() == null ? "" : message.getBody(), contentEncoding(message));
        String sender = senderId(message);
        try {
            return new ReceivedMessage(sender, body, MessageCodec.decode(body), null);
        } catch (InvalidMessageException e) {
            return new ReceivedMessage(sender, body, List.of(), e.reason());
        }
    }

    /** Stamped by SQS itself; see "SenderId" in the SQS API reference, ReceiveMessage. */
    private static String senderId(SQSMessage message) {
        String sender =
                message.getAttributes() == null ? null : message.getAttributes().get("SenderId");
        return sender == null ? "" : sender;
    }

    private static @Nullable String contentEncoding(SQSMessage message) {
        if (message.getMessageAttributes() == null) {
            return null;
        }
        MessageAttribute attribute = message.getMessageAttributes().get(MessageBody.CONTENT_ENCODING);
        return attribute == null ? null : attribute.getStringValue();
    }
}
