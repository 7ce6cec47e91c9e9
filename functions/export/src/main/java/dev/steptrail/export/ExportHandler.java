package dev.steptrail.export;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.aws.LambdaFunction;
import dev.steptrail.aws.Log;
import dev.steptrail.aws.Metric;
import dev.steptrail.aws.MetricSink;
import dev.steptrail.aws.Metrics;
import dev.steptrail.aws.Settings;
import dev.steptrail.report.ExportKey;
import dev.steptrail.report.TasksExportRequest;
import dev.steptrail.store.jdbc.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lambda function that creates the exports requested by queue messages. A failure is stored for polling clients, and a
 * later request queues the export again. If the failure cannot be stored, the queue delivers the message again.
 */
public final class ExportHandler implements RequestHandler<SQSEvent, @Nullable Void>, AutoCloseable {
    /**
     * A requested export.
     *
     * @param key the export's key in the bucket
     * @param ids fields for the log
     */
    private record ExportRequest(String key, Map<String, ?> ids, ExportAttempt.Exporter exporter) {}

    private final Database database;
    private final TaskExporter taskExporter;
    private final TaskListExporter taskListExporter;
    private final ExportAttempt attempt;
    private final MetricSink metricSink;

    /** Creates a handler with settings from the environment. Lambda calls this constructor. */
    public ExportHandler() {
        this(System.getenv(), MetricSink.STANDARD_OUTPUT);
    }

    /**
     * Creates a handler that writes its metrics to its log, at level DEBUG.
     *
     * @param settings {@code STEPTRAIL_BUCKET} and those of {@link dev.steptrail.store.jdbc.DatabaseLogin} and
     *     {@link dev.steptrail.aws.AwsClients}
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    public ExportHandler(Map<String, String> settings) {
        this(settings, MetricSink.LOG);
    }

    private ExportHandler(Map<String, String> environment, MetricSink metricSink) {
        Settings settings = new Settings(environment);
        this.metricSink = metricSink;
        this.database = new Database(settings);
        ExportBucket bucket = new ExportBucket(settings);
        this.taskExporter = new TaskExporter(database, bucket);
        this.taskListExporter = new TaskListExporter(database, bucket);
        this.attempt = new ExportAttempt(bucket, Clock.systemUTC());
    }

    @Override
    public @Nullable Void handleRequest(SQSEvent event, Context context) {
        Log log = Log.of(context);
        Metrics metrics = new Metrics(LambdaFunction.EXPORT, context.getAwsRequestId());
        Deadline deadline = new Deadline(() -> Duration.ofMillis(context.getRemainingTimeInMillis()));
        try {
            for (SQSMessage message : event.getRecords()) {
                metrics.count(process(message, deadline, log), 1);
            }
        } catch (RuntimeException | Error e) {
            metrics.count(Metric.EXPORTS_FAILED, 1);
            throw e;
        } finally {
            database.addMetrics(metrics);
            metricSink.write(metrics, context);
        }
        return null;
    }

    /** Creates an export and returns the metric that counts the outcome. */
    private Metric process(SQSMessage message, Deadline deadline, Log log) {
        Optional<ExportRequest> parsed = parse(message.getBody(), deadline);
        if (parsed.isEmpty()) {
            log.error("invalid_export_message", Map.of("message_id", message.getMessageId()));
            return Metric.EXPORTS_FAILED;
        }
        ExportRequest request = parsed.get();
        Optional<Exception> failure;
        try {
            failure = attempt.run(
                    request.key(), attemptNumber(message), deadline.remaining().get(), request.exporter());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (failure.isEmpty()) {
            return Metric.EXPORTS_COMPLETED;
        }
        Map<String, Object> fields = new LinkedHashMap<>(request.ids());
        fields.put("message_id", message.getMessageId());
        fields.put("failure", describe(failure.get()));
        if (failure.get() instanceof Deadline.ExportTooLargeException) {
            log.warn("export_too_large", fields);
            return Metric.EXPORTS_TOO_LARGE;
        }
        log.error("export_failed", fields);
        return Metric.EXPORTS_FAILED;
    }

    private Optional<ExportRequest> parse(String message, Deadline deadline) {
        return ExportKey.parse(message)
                .map(key -> new ExportRequest(
                        key.key(), Map.of("task_id", key.taskId()), () -> taskExporter.export(key, deadline)))
                .or(() -> TasksExportRequest.parse(message)
                        .map(key ->
                                new ExportRequest(key.key(), Map.of(), () -> taskListExporter.export(key, deadline))));
    }

    /** Describes a failure without its message, which may contain content of a step. */
    private static String describe(Exception failure) {
        String causes = Stream.iterate((Throwable) failure, Objects::nonNull, Throwable::getCause)
                .map(cause -> cause.getClass().getSimpleName())
                .collect(Collectors.joining(" by "));
        StackTraceElement[] stack = failure.getStackTrace();
        return causes + (stack.length == 0 ? "" : " at " + stack[0]);
    }

    private static int attemptNumber(SQSMessage message) {
        Map<String, String> attributes = message.getAttributes() == null ? Map.of() : message.getAttributes();
        return Integer.parseInt(attributes.getOrDefault("ApproximateReceiveCount", "1"));
    }

    @Override
    public void close() {
        database.close();
    }
}
