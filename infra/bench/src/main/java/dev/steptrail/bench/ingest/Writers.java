package dev.steptrail.bench.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.steptrail.aws.Settings;
import dev.steptrail.bench.database.ExampleTask.Range;
import dev.steptrail.bench.database.Invocation;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.QueuedMessage;
import dev.steptrail.bench.database.StepRows;
import dev.steptrail.bench.database.StepRows.CopyText;
import dev.steptrail.bench.database.StepRows.Table;
import dev.steptrail.ingest.IngestHandler;
import dev.steptrail.stepformat.InvalidMessageException;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.ingest.ReceivedMessage;
import dev.steptrail.store.jdbc.Database;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Writers of batches. Each has a connection of its own, which ends with the server, and commits each batch. */
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
            event.setRecords(batch.stream()
                    .map(range -> QueuedMessage.of(range.task() + "." + range.first(), range.message()))
                    .toList());
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

    /** The same without decoding. */
    static Writer store(Postgres postgres) {
        DatabaseStepWriter writer = new DatabaseStepWriter(new Database(new Settings(postgres.settings())));
        return batch -> {
            List<ReceivedMessage> messages = new ArrayList<>();
            for (Range range : batch) {
                messages.add(decoded(range.message()));
            }
            return () -> writer.write(messages);
        };
    }

    private static ReceivedMessage decoded(MessageBody body) throws InvalidMessageException {
        return new ReceivedMessage(Postgres.SENDER, body, MessageCodec.decode(body), null);
    }

    /** The baseline: the same rows by text COPY, which is ready, and a commit. */
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
