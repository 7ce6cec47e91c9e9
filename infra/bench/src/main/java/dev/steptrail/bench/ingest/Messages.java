package dev.steptrail.bench.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.bench.database.ExampleTask;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.stepformat.InvalidMessageException;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.store.ReceivedMessage;
import java.util.List;
import java.util.Map;

/** A batch as the shipper's messages, which the queue delivers. */
final class Messages {
    private Messages() {}

    static SQSEvent event(Batch batch) {
        SQSEvent event = new SQSEvent();
        event.setRecords(batch.messages().map(Messages::message).toList());
        return event;
    }

    static List<ReceivedMessage> decoded(Batch batch) {
        return batch.messages().map(Messages::body).map(Messages::decoded).toList();
    }

    private static SQSMessage message(Batch.Message of) {
        MessageBody body = body(of);
        SQSMessage message = new SQSMessage();
        message.setMessageId(of.task() + "." + of.first());
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

    private static ReceivedMessage decoded(MessageBody body) {
        try {
            return new ReceivedMessage(Postgres.SENDER, body, MessageCodec.decode(body), null);
        } catch (InvalidMessageException e) {
            throw new IllegalStateException("what was encoded can be decoded", e);
        }
    }

    static MessageBody body(Batch.Message message) {
        return ExampleTask.steps(message.task(), message.first(), message.steps());
    }
}
