package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.aws.Metric;
import dev.steptrail.aws.Metrics;
import dev.steptrail.store.ingest.WriteListener;
import dev.steptrail.store.ingest.WriteListener.Rejected;
import dev.steptrail.store.ingest.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Records the metrics of a batch.
 *
 * <p>The lag of a step is the time from its timestamp to its commit, so it includes the clock skew of the agent's
 * machine. If that clock is fast, the timestamp may be in the future; the lag then counts as 0. If the clock is slow,
 * the lag is too long, but the queue lag, which uses only AWS timestamps, stays short. The lag of steps older than 7
 * days is not recorded, because these are imports of old recordings.
 */
final class IngestMetrics implements WriteListener {
    /** Longer lags are not recorded. An outbox that is offline triggers an alarm much earlier. */
    private static final Duration MAX_LAG = Duration.ofDays(7);

    private final Metrics metrics;
    private final InstantSource clock;
    private final Set<UUID> tasks = new LinkedHashSet<>();

    IngestMetrics(Metrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.clock = clock;
        metrics.count(Metric.STEPS_WITH_FUTURE_TIMESTAMP, 0);
        metrics.count(Metric.REJECTED, 0);
    }

    @Override
    public void onWritten(UUID taskId, Instant recordedAt) {
        tasks.add(taskId);
        Duration lag = Duration.between(recordedAt, clock.instant());
        if (lag.isNegative()) {
            metrics.count(Metric.STEPS_WITH_FUTURE_TIMESTAMP, 1);
            lag = Duration.ZERO;
        }
        if (lag.compareTo(MAX_LAG) <= 0) {
            metrics.recordDuration(Metric.END_TO_END_LAG, lag);
        }
    }

    @Override
    public void onRejected(Rejected rejected) {
        if (rejected.isNew()) {
            metrics.count(Metric.REJECTED, rejected.cause().text(), 1);
        }
    }

    /** Records the results of the messages of an invocation. */
    void recordBatch(List<SQSMessage> messages, MessageIngester batch) {
        WriteResult result = batch.result();
        metrics.count(Metric.MESSAGES_RECEIVED, messages.size());
        metrics.count(Metric.MESSAGES_FAILED, batch.failedMessageIds().size());
        metrics.count(Metric.UNEXPECTED_ERRORS, batch.unexpectedErrors());
        metrics.count(Metric.STEPS_WRITTEN, result.steps());
        metrics.count(Metric.DUPLICATES, result.duplicates());
        metrics.count(Metric.CONFLICTS, result.conflicts());
        metrics.count(Metric.RECORDS_DROPPED, result.dropped());
        for (SQSMessage message : messages) {
            if (!batch.failedMessageIds().contains(message.getMessageId())) {
                recordQueueLag(message);
            }
        }
        metrics.setProperty("event", "ingested");
        metrics.setProperty("tasks", tasks.size());
        metrics.setProperty(
                "task_ids",
                tasks.stream().limit(MessageIngester.MAX_LOGGED_TASKS).toList());
    }

    private void recordQueueLag(SQSMessage message) {
        String sent =
                message.getAttributes() == null ? null : message.getAttributes().get("SentTimestamp");
        if (sent != null) {
            Duration lag = Duration.between(Instant.ofEpochMilli(Long.parseLong(sent)), clock.instant());
            metrics.recordDuration(Metric.QUEUE_LAG, lag.isNegative() ? Duration.ZERO : lag);
        }
    }
}
