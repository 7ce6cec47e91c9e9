package dev.steptrail.bench.database;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.aws.Settings;
import dev.steptrail.bench.database.ExampleTask.Range;
import dev.steptrail.bench.database.StepRows.CopyText;
import dev.steptrail.bench.database.StepRows.Table;
import dev.steptrail.ingest.IngestHandler;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.ingest.ReceivedMessage;
import dev.steptrail.store.jdbc.Database;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Writers of batches. Each has a dedicated connection, open until the server stops, and commits each batch. */
final class Writers {
    private Writers() {}

    /** Prepares a batch in the form that the writer takes, so that only writing is measured. */
    interface Writer {
        Callable<?> prepare(List<Range> batch) throws Exception;
    }

    /** The ingest function: an SQS event in, a response out. */
    static Writer handler(Postgres postgres) {
        IngestHandler handler = new IngestHandler(postgres.settings());
        return batch -> {
            SQSEvent event = new SQSEvent();
            event.setRecords(batch.stream().map(Writers::queued).toList());
            return () -> {
                if (!handler.handleRequest(event, Invocation.context())
                        .getBatchItemFailures()
                        .isEmpty()) {
                    throw new IllegalStateException("messages were not written");
                }
                return event;
            };
        };
    }

    private static SQSMessage queued(Range range) {
        SQSMessage message = new SQSMessage();
        message.setMessageId(range.task() + "." + range.first());
        MessageBody body = range.message();
        message.setBody(body.text());
        message.setAttributes(Map.of("SenderId", Postgres.SENDER));
        MessageAttribute encoding = new MessageAttribute(); // all are long enough to be compressed
        encoding.setDataType("String");
        encoding.setStringValue(body.contentEncoding());
        message.setMessageAttributes(Map.of(MessageBody.CONTENT_ENCODING, encoding));
        return message;
    }

    /** The same without decoding. */
    static Writer store(Postgres postgres) {
        DatabaseStepWriter writer = new DatabaseStepWriter(new Database(new Settings(postgres.settings())));
        return batch -> {
            List<ReceivedMessage> messages = batch.stream()
                    .map(range -> ExampleTask.decoded(range.message()))
                    .toList();
            return () -> writer.write(messages);
        };
    }

    /** The baseline: the same rows as prepared COPY text, and a commit. */
    static Writer copy(Connection connection, StepRows rows) {
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
