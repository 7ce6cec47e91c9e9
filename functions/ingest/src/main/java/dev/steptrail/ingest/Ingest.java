package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.aws.Log;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.ingest.WriteListener;
import dev.steptrail.store.jdbc.Database;
import java.time.Duration;
import java.util.List;

/** The way of messages into the database, whoever delivers them. */
final class Ingest {
    private final Database database;
    private final BucketReader bucket;

    Ingest(Database database, BucketReader bucket) {
        this.database = database;
        this.bucket = bucket;
    }

    /** Writes these messages as far as it can, and tells what it could not. */
    BatchWriter take(List<SQSMessage> messages, Context context, WriteListener listener) {
        Log log = Log.of(context);
        Deadline deadline = new Deadline(() -> Duration.ofMillis(context.getRemainingTimeInMillis()));
        BatchWriter batch = new BatchWriter(new DatabaseStepWriter(database, listener), deadline, log);
        new Intake(batch, new PayloadFetcher(bucket, log)).take(messages);
        return batch;
    }
}
