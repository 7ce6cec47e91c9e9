package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.aws.MetricLines;
import dev.steptrail.aws.Metrics;
import dev.steptrail.aws.Purpose;
import dev.steptrail.aws.Settings;
import dev.steptrail.store.jdbc.Database;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.crac.Core;
import org.crac.Resource;

/**
 * Writes the steps of a batch of SQS messages into Postgres. A message is acknowledged once all that it holds is kept, be it
 * as rows or among the rejected messages; the others are named in the
 * <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">partial batch response</a>, and the
 * queue delivers them again. One invocation at a time.
 */
public final class IngestHandler implements RequestHandler<SQSEvent, SQSBatchResponse>, Resource {
    private final Database database;
    private final BucketReader bucket;
    private final Ingest ingest;
    private final MetricLines metricLines;

    /** With the settings of the environment, as Lambda calls it. */
    public IngestHandler() {
        this(new Settings(System.getenv()), MetricLines.STANDARD_OUTPUT);
        Core.getGlobalContext().register(this);
    }

    /**
     * Whose metrics are lines of its log, at level DEBUG.
     *
     * @param settings those of {@link dev.steptrail.store.jdbc.DatabaseLogin}, and
     *     those that {@link BucketReader} takes
     * @throws IllegalArgumentException naming the setting that is missing or wrong
     */
    public IngestHandler(Map<String, String> settings) {
        this(new Settings(settings), MetricLines.LOG);
    }

    private IngestHandler(Settings settings, MetricLines metricLines) {
        this(new Database(settings), new BucketReader(settings), metricLines);
    }

    /** With a database and a bucket that are the caller's. */
    IngestHandler(Database database, BucketReader bucket, MetricLines metricLines) {
        this.database = database;
        this.bucket = bucket;
        this.ingest = new Ingest(database, bucket);
        this.metricLines = metricLines;
    }

    @Override
    public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
        if (event.getRecords() == null) { // the daily schedule that keeps the snapshot from expiring
            return new SQSBatchResponse(List.of());
        }
        Metrics metrics = new Metrics(Purpose.INGEST, context.getAwsRequestId());
        IngestMetrics listener = new IngestMetrics(metrics, Clock.systemUTC());
        BatchWriter batch = ingest.take(event.getRecords(), context, listener);
        listener.took(event.getRecords(), batch);
        database.tell(metrics);
        metricLines.write(metrics, context);
        return new SQSBatchResponse(
                batch.unwritten().stream().map(BatchItemFailure::new).toList());
    }

    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
        database.rehearse(() -> new Rehearsal(database, bucket)::writeTask);
    }

    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) {
        database.openAfterRestore();
    }
}
