package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Creates messages as SQS delivers them to a function. */
final class Messages {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Messages() {}

    static SQSEvent event(SQSMessage... messages) {
        SQSEvent event = new SQSEvent();
        event.setRecords(List.of(messages));
        return event;
    }

    static SQSMessage message(String sender, StepRecord... records) {
        return message(
                sender,
                MessageCodec.encode(
                        Arrays.stream(records).map(RecordCodec::encode).toList()));
    }

    static SQSMessage message(String sender, String json) {
        return message(sender, new MessageBody(json, null));
    }

    static SQSMessage message(String sender, MessageBody body) {
        SQSMessage message = new SQSMessage();
        message.setMessageId("message-" + NUMBER.incrementAndGet());
        message.setBody(body.text());
        message.setAttributes(Map.of("SenderId", sender));
        if (body.contentEncoding() != null) {
            MessageAttribute encoding = new MessageAttribute();
            encoding.setDataType("String");
            encoding.setStringValue(body.contentEncoding());
            message.setMessageAttributes(Map.of(MessageBody.CONTENT_ENCODING, encoding));
        }
        return message;
    }
}
