package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.steptrail.aws.LambdaFunction;
import dev.steptrail.aws.Log;
import dev.steptrail.aws.MetricSink;
import dev.steptrail.aws.Metrics;
import dev.steptrail.aws.Settings;
import dev.steptrail.store.jdbc.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.crac.Core;
import org.crac.Resource;

/**
 * Lambda function that writes the steps of a batch of SQS messages to Postgres. A message is acknowledged when all its
 * records are stored, as rows or as rejected records. Failed messages are listed in the <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">partial batch response</a>, and
 * SQS delivers them again. Not thread-safe.
 */
public final class IngestHandler implements RequestHandler<SQSEvent, SQSBatchResponse>, Resource {
    /** Time reserved for the response. */
    private static final Duration RESERVE = Duration.ofSeconds(5);

    private final Settings settings;
    private final Database database;
    private final MetricSink metricSink;

    /** Creates a handler from environment variables; Lambda calls this constructor. */
    public IngestHandler() {
        this(new Settings(System.getenv()), MetricSink.STANDARD_OUTPUT);
        Core.getGlobalContext().register(this);
    }

    /**
     * Creates a handler that writes metrics to the log, at level DEBUG.
     *
     * @param settings the settings of {@link dev.steptrail.store.jdbc.DatabaseLogin}
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    public IngestHandler(Map<String, String> settings) {
        this(new Settings(settings), MetricSink.LOG);
    }

    private IngestHandler(Settings settings, MetricSink metricSink) {
        this(settings, Database.withPreparedStatements(settings), metricSink);
    }

    IngestHandler(Settings settings, Database database, MetricSink metricSink) {
        this.settings = settings;
        this.database = database;
        this.metricSink = metricSink;
    }

    @Override
    public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
        if (event.getRecords() == null) { // sent daily by a schedule, so that the snapshot does not expire
            return new SQSBatchResponse(List.of());
        }
        Metrics metrics = new Metrics(LambdaFunction.INGEST, context.getAwsRequestId());
        IngestMetrics listener = new IngestMetrics(metrics, Clock.systemUTC());
        MessageIngester ingester = new MessageIngester(
                database,
                listener,
                () -> Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESERVE),
                Log.of(context));
        ingester.ingest(event.getRecords());
        listener.recordBatch(event.getRecords(), ingester);
        database.addMetrics(metrics);
        metricSink.write(metrics, context);
        return new SQSBatchResponse(
                ingester.failedMessageIds().stream().map(BatchItemFailure::new).toList());
    }

    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
        IngestPrimer.prime(settings);
    }

    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) {
        database.openAfterRestore();
    }
}
