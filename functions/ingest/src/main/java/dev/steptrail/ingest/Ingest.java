package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.bucket.BucketReader;
import dev.steptrail.store.DatabaseStepWriter;
import dev.steptrail.store.Failure;
import dev.steptrail.store.WriteResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The way of messages into the database, whoever delivers them. */
final class Ingest {
    private final DatabaseStepWriter writer;
    private final BucketReader bucket;

    Ingest(DatabaseStepWriter writer, BucketReader bucket) {
        this.writer = writer;
        this.bucket = bucket;
    }

    /** Writes these messages as far as it can, and tells what it could not. */
    BatchWriter take(List<SQSMessage> messages, Context context) {
        Log log = new Log(context.getLogger(), context.getAwsRequestId());
        Deadline deadline = new Deadline(() -> Duration.ofMillis(context.getRemainingTimeInMillis()));
        BatchWriter batch = new BatchWriter(writer, deadline, log);
        Intake intake = new Intake(batch, new PayloadFetcher(bucket, log));
        messages.forEach(message -> take(message, intake, batch, log));
        intake.write();
        log.event("ingested", counts(messages.size(), batch));
        return batch;
    }

    /** What brings out a fault of ours costs the others nothing; the queue's own dead-letter queue will have it. */
    private static void take(SQSMessage message, Intake intake, BatchWriter batch, Log log) {
        try {
            intake.take(message);
        } catch (RuntimeException e) {
            log.error("fault", Map.of("message_id", message.getMessageId(), "failure", Failure.describe(e)));
            batch.leave(message.getMessageId());
        }
    }

    private static Map<String, Integer> counts(int messages, BatchWriter batch) {
        WriteResult result = batch.result();
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("messages", messages);
        counts.put("steps", result.steps());
        counts.put("duplicates", result.duplicates());
        counts.put("conflicts", result.conflicts());
        counts.put("rejected", result.rejected());
        counts.put("dropped", result.dropped());
        counts.put("unwritten", batch.unwritten().size());
        return counts;
    }
}
