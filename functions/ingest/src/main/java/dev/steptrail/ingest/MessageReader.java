package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.stepformat.InvalidMessageException;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.store.ingest.ReceivedMessage;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decodes a message of the queue. One that cannot be read comes out rejected, with its reason. */
final class MessageReader {
    /**
     * A message, decoded.
     *
     * @param message but for those of its records that are still in the bucket; rejected where it cannot be read
     * @param claims where those lie
     * @param length of its JSON in characters, by which to judge what it takes of memory; 0 where nothing was decoded
     */
    record Decoded(ReceivedMessage message, List<MessageRecord.Claim> claims, int length) {}

    /** JSON that is longer takes so much memory, decoded, that it is decoded only when it is asked for. */
    private static final int LONG = 256 * 1024;

    private MessageReader() {}

    /** Inflates a message, and decodes it, at the latest when it is asked for it. */
    static Supplier<Decoded> read(SQSMessage message) {
        MessageBody body =
                new MessageBody(message.getBody() == null ? "" : message.getBody(), contentEncoding(message));
        String sender = senderId(message);
        String json;
        try {
            json = MessageCodec.json(body);
        } catch (InvalidMessageException e) {
            Decoded rejected = rejected(sender, body, e);
            return () -> rejected;
        }
        if (json.length() > LONG) {
            return () -> decoded(sender, body, json);
        }
        Decoded decoded = decoded(sender, body, json);
        return () -> decoded;
    }

    private static Decoded decoded(String sender, MessageBody body, String json) {
        List<MessageRecord> records;
        try {
            records = MessageCodec.decode(json);
        } catch (InvalidMessageException e) {
            return rejected(sender, body, e);
        }
        List<MessageRecord.Claim> claims = records.stream()
                .filter(MessageRecord.Claim.class::isInstance)
                .map(MessageRecord.Claim.class::cast)
                .toList();
        List<MessageRecord> here = claims.isEmpty()
                ? records
                : records.stream()
                        .filter(record -> !(record instanceof MessageRecord.Claim))
                        .toList();
        return new Decoded(new ReceivedMessage(sender, body, here, null), claims, json.length());
    }

    private static Decoded rejected(String sender, MessageBody body, InvalidMessageException why) {
        return new Decoded(new ReceivedMessage(sender, body, List.of(), why.reason()), List.of(), 0);
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
