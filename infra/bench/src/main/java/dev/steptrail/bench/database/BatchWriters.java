package dev.steptrail.bench.database;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.bench.database.ExampleRows.CopyText;
import dev.steptrail.bench.database.ExampleRows.Table;
import dev.steptrail.bench.database.ExampleTask.Range;
import dev.steptrail.ingest.IngestHandler;
import dev.steptrail.stepformat.MessageBody;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;

/** Creates writers of batches. Each has a dedicated connection until the server stops, and commits each batch. */
final class BatchWriters {
    private BatchWriters() {}

    /** Writes batches of steps. */
    interface Writer {
        /** Converts a batch to the writer's input and returns a call that writes it. Only the call is measured. */
        Callable<?> prepare(List<Range> batch) throws Exception;
    }

    /** Returns a writer that invokes the ingest function's handler with SQS events. */
    static Writer handler(Postgres postgres) {
        IngestHandler handler = new IngestHandler(postgres.settings());
        return batch -> {
            SQSEvent event = new SQSEvent();
            event.setRecords(batch.stream()
                    .map(Range::toMessage)
                    .map(BatchWriters::toSqsMessage)
                    .toList());
            return () -> invoke(handler, event);
        };
    }

    /** Writes one message with the ingest function's handler. */
    static void write(MessageBody message, Postgres postgres) {
        SQSEvent event = new SQSEvent();
        event.setRecords(List.of(toSqsMessage(message)));
        invoke(new IngestHandler(postgres.settings()), event);
    }

    private static SQSEvent invoke(IngestHandler handler, SQSEvent event) {
        if (!handler.handleRequest(event, Invocation.context())
                .getBatchItemFailures()
                .isEmpty()) {
            throw new IllegalStateException("messages were not written");
        }
        return event;
    }

    private static SQSMessage toSqsMessage(MessageBody body) {
        SQSMessage message = new SQSMessage();
        message.setMessageId(UUID.randomUUID().toString());
        message.setBody(body.text());
        message.setAttributes(Map.of("SenderId", Postgres.SENDER));
        MessageAttribute encoding = new MessageAttribute(); // every message is long enough to be compressed
        encoding.setDataType("String");
        encoding.setStringValue(body.contentEncoding());
        message.setMessageAttributes(Map.of(MessageBody.CONTENT_ENCODING, encoding));
        return message;
    }

    /** Returns the baseline, which writes the same rows with COPY from prebuilt text. */
    static Writer copy(Connection connection, ExampleRows rows) {
        return batch -> {
            CopyText steps = rows.text(Table.STEPS, batch);
            CopyText screenshots = rows.text(Table.SCREENSHOTS, batch);
            return () -> {
                steps.send(connection);
                screenshots.send(connection);
                connection.commit();
                return steps;
            };
        };
    }
}
