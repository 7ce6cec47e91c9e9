package dev.steptrail.bench.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.steptrail.bench.database.Invocation;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.ingest.IngestHandler;

/** Ours as Lambda runs it: an event in, a response out. Its connection ends with the server. */
final class HandlerWriter implements Writer {
    private final IngestHandler handler;

    HandlerWriter(Postgres postgres) {
        this.handler = new IngestHandler(postgres.settings());
    }

    @Override
    public Prepared prepare(Batch batch) {
        SQSEvent event = Messages.event(batch);
        return () -> {
            SQSBatchResponse response = handler.handleRequest(event, new Invocation());
            if (!response.getBatchItemFailures().isEmpty()) {
                throw new IllegalStateException("messages were not written");
            }
        };
    }

    @Override
    public void close() {}
}
