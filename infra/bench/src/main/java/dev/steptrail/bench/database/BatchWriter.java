package dev.steptrail.bench.database;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.steptrail.bench.database.ExampleTasks.Range;
import dev.steptrail.ingest.IngestHandler;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.store.TestContext;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.Callable;

/** Writes batches of steps. Has a dedicated connection until the server stops, and commits each batch. */
interface BatchWriter {
    /** Converts a batch to the writer's input and returns a call that writes it. Only the call is measured. */
    Callable<?> prepare(List<Range> batch) throws Exception;

    /** Returns a writer that invokes the ingest function's handler with SQS events. */
    static BatchWriter handler(PostgresServer postgres) {
        IngestHandler handler = new IngestHandler(postgres.settings());
        return batch -> {
            SQSEvent event = LambdaEvents.createBatch(
                    batch.stream().map(Range::toMessage).toList());
            return () -> invoke(handler, event);
        };
    }

    /** Writes one message with the ingest function's handler. */
    static void write(MessageBody message, PostgresServer postgres) {
        invoke(new IngestHandler(postgres.settings()), LambdaEvents.createBatch(List.of(message)));
    }

    private static SQSEvent invoke(IngestHandler handler, SQSEvent event) {
        if (!handler.handleRequest(event, new TestContext())
                .getBatchItemFailures()
                .isEmpty()) {
            throw new IllegalStateException("messages were not written");
        }
        return event;
    }

    /**
     * Returns the baseline, which writes the same rows with COPY from prebuilt text.
     *
     * @param connection without autocommit
     */
    static BatchWriter copy(Connection connection) {
        return batch -> {
            Callable<Long> steps = ExampleRows.STEPS.prepareCopy(batch, connection);
            Callable<Long> screenshots = ExampleRows.SCREENSHOTS.prepareCopy(batch, connection);
            return () -> {
                long rows = steps.call() + screenshots.call();
                connection.commit();
                return rows;
            };
        };
    }
}
