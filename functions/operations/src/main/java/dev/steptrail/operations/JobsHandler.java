package dev.steptrail.operations;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.aws.LambdaFunction;
import dev.steptrail.aws.Log;
import dev.steptrail.aws.MetricSink;
import dev.steptrail.aws.Metrics;
import dev.steptrail.aws.Settings;
import dev.steptrail.stepformat.TaskId;
import dev.steptrail.store.jdbc.Database;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lambda function that runs the jobs that users request through the API, each named by a queue message
 * {@code {"job_id":"…"}}. Idempotent: a job that has ended is not run again. If the outcome of a job cannot be stored,
 * the queue delivers the message again.
 */
public final class JobsHandler implements RequestHandler<SQSEvent, @Nullable Void>, AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    /** Time reserved for storing the outcome. */
    private static final Duration RESERVE = Duration.ofSeconds(10);

    private final Database database;
    private final RequestedJobRunner runner;
    private final MetricSink metricSink;

    /** Creates a handler with settings from the environment. Lambda calls this constructor. */
    public JobsHandler() {
        this(System.getenv(), MetricSink.STANDARD_OUTPUT);
    }

    /**
     * Creates a handler that writes its metrics to its log, at level DEBUG.
     *
     * @param settings {@code STEPTRAIL_BUCKET} and the settings of {@link dev.steptrail.store.jdbc.DatabaseLogin} and
     *     {@link dev.steptrail.aws.AwsClients}
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    public JobsHandler(Map<String, String> settings) {
        this(settings, MetricSink.LOG);
    }

    private JobsHandler(Map<String, String> environment, MetricSink metricSink) {
        Settings settings = new Settings(environment);
        this.database = Database.forMaintenance(settings);
        this.runner = new RequestedJobRunner(database, settings);
        this.metricSink = metricSink;
    }

    @Override
    public @Nullable Void handleRequest(SQSEvent event, Context context) {
        Log log = Log.of(context);
        Supplier<Duration> remaining =
                () -> Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESERVE);
        try {
            for (SQSMessage message : event.getRecords()) {
                Optional<UUID> jobId = parse(message.getBody());
                if (jobId.isPresent()) {
                    runner.run(jobId.get(), log, remaining);
                } else {
                    log.error("invalid_job_message", Map.of("message_id", message.getMessageId()));
                }
            }
        } finally {
            Metrics metrics = new Metrics(LambdaFunction.JOBS, context.getAwsRequestId());
            database.addMetrics(metrics);
            metricSink.write(metrics, context);
        }
        return null;
    }

    private static Optional<UUID> parse(String body) {
        try {
            return TaskId.parse(JSON.readTree(body).path("job_id").asText());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
