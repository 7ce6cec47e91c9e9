package dev.steptrail.bench.database;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.stepformat.MessageBody;
import java.util.Map;

/** A message as the queue delivers it, from {@link Postgres#SENDER}. */
public final class QueuedMessage {
    private QueuedMessage() {}

    /**
     * One of this body.
     *
     * @param id what the queue calls it
     */
    public static SQSMessage of(String id, MessageBody body) {
        SQSMessage message = new SQSMessage();
        message.setMessageId(id);
        message.setBody(body.text());
        message.setAttributes(Map.of("SenderId", Postgres.SENDER));
        if (body.contentEncoding() != null) {
            MessageAttribute encoding = new MessageAttribute();
            encoding.setDataType("String");
            encoding.setStringValue(body.contentEncoding());
            message.setMessageAttributes(Map.of(MessageBody.CONTENT_ENCODING, encoding));
        }
        return message;
    }
}
