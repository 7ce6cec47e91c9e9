package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.steptrail.aws.Settings;
import dev.steptrail.bucket.BucketReader;
import dev.steptrail.store.Database;
import dev.steptrail.store.DatabaseStepWriter;
import java.util.Map;

/**
 * Writes the steps of a batch of SQS messages into Postgres. A message is acknowledged once all that it holds is kept, be it
 * as rows or among the rejected messages; the others are named in the
 * <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">partial batch response</a>, and the
 * queue delivers them again. One invocation at a time.
 */
public final class IngestHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {
    private final Ingest ingest;

    /** With the settings of the environment, as Lambda calls it. */
    public IngestHandler() {
        this(System.getenv());
    }

    /**
     * @param settings {@code STEPTRAIL_DATABASE_URL}, {@code STEPTRAIL_DATABASE_USER}, {@code STEPTRAIL_DATABASE_PASSWORD}, and
     *     those that {@link BucketReader} takes
     * @throws IllegalArgumentException naming the setting that is missing or wrong
     */
    public IngestHandler(Map<String, String> settings) {
        Settings checked = new Settings(settings);
        this.ingest = new Ingest(new DatabaseStepWriter(new Database(checked)), new BucketReader(checked));
    }

    @Override
    public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
        return new SQSBatchResponse(ingest.take(event.getRecords(), context).unwritten().stream()
                .map(BatchItemFailure::new)
                .toList());
    }
}
