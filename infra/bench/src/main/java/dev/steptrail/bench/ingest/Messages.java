package dev.steptrail.bench.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.bench.database.ExampleTask;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.QueuedMessage;
import dev.steptrail.stepformat.InvalidMessageException;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.store.ingest.ReceivedMessage;
import java.util.List;

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
        return QueuedMessage.of(of.task() + "." + of.first(), body(of));
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
