package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.stepformat.MessageBody;
import java.util.List;
import java.util.Map;

/** Builds queue events for ingest. */
final class QueueEvents {
    private QueueEvents() {}

    static SQSEvent event(String sender, MessageBody body) {
        SQSMessage message = new SQSMessage();
        message.setMessageId("message");
        message.setBody(body.text());
        message.setAttributes(Map.of("SenderId", sender));
        if (body.contentEncoding() != null) {
            MessageAttribute encoding = new MessageAttribute();
            encoding.setStringValue(body.contentEncoding());
            message.setMessageAttributes(Map.of(MessageBody.CONTENT_ENCODING, encoding));
        }
        SQSEvent event = new SQSEvent();
        event.setRecords(List.of(message));
        return event;
    }
}
