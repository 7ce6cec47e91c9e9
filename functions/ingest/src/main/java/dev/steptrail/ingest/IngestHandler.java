package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.store.Database;
import dev.steptrail.store.DatabaseStepWriter;
import dev.steptrail.store.Settings;
import dev.steptrail.store.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the steps of a batch of SQS messages into Postgres. A message is acknowledged once all that it holds is kept, be it
 * as rows or among the rejected messages; the others are named in the
 * <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">partial batch response</a>, and the
 * queue delivers them again. One invocation at a time.
 */
public final class IngestHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {
    /**
     * As soon as so much JSON is decoded it is written, and forgotten before more is decoded. Decoded, JSON takes some ten
     * times its length, and a batch of 100 small messages may inflate to 800 MiB.
     */
    private static final int MAX_DECODED = 8 * 1024 * 1024;

    private final DatabaseStepWriter writer;

    /** With the settings of the environment, as Lambda calls it. */
    public IngestHandler() {
        this(System.getenv());
    }

    /**
     * @param settings {@code STEPTRAIL_DATABASE_URL}, {@code STEPTRAIL_DATABASE_USER}, {@code STEPTRAIL_DATABASE_PASSWORD}
     * @throws IllegalArgumentException naming the setting that is missing or wrong
     */
    public IngestHandler(Map<String, String> settings) {
        this.writer = new DatabaseStepWriter(new Database(new Settings(settings)));
    }

    @Override
    public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
        Log log = new Log(context.getLogger(), context.getAwsRequestId());
        Deadline deadline = new Deadline(() -> Duration.ofMillis(context.getRemainingTimeInMillis()));
        BatchWriter batch = new BatchWriter(writer, deadline, log);
        write(event.getRecords(), batch);
        log.event("ingested", counts(event.getRecords().size(), batch));
        return new SQSBatchResponse(
                batch.unwritten().stream().map(BatchItemFailure::new).toList());
    }

    private static void write(List<SQSMessage> messages, BatchWriter batch) {
        List<BatchWriter.Delivery> decoded = new ArrayList<>();
        int length = 0;
        for (SQSMessage message : messages) {
            if (batch.isOver()) {
                batch.leave(message.getMessageId());
                continue;
            }
            MessageReader.Decoded read = MessageReader.read(message);
            decoded.add(new BatchWriter.Delivery(message.getMessageId(), read.message()));
            length += read.length();
            if (length >= MAX_DECODED) {
                batch.write(decoded);
                decoded = new ArrayList<>();
                length = 0;
            }
        }
        batch.write(decoded);
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
