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
 * Counts and measures what becomes of a batch.
 *
 * <p>The lag of a step is from its own time to its commit, so it is wrong by as much as the clock of its agent's machine. A clock that
 * is ahead shows, and its steps are counted with a lag of 0. One that is behind looks like a lag; then the lag of the queue, which AWS
 * alone measures, stays short. Steps that are {@linkplain #HISTORY older} are imports of old recordings, and have no lag.
 */
final class IngestMetrics implements WriteListener {
    /** No alarm hangs on what comes after it: an outbox that was cut off for so long has been missed by then. */
    private static final Duration HISTORY = Duration.ofDays(7);

    private final Metrics metrics;
    private final InstantSource clock;
    private final Set<UUID> tasks = new LinkedHashSet<>();

    IngestMetrics(Metrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.clock = clock;
        metrics.count(Metric.STEPS_AHEAD_OF_TIME, 0);
        metrics.count(Metric.REJECTED, 0);
    }

    @Override
    public void wrote(UUID taskId, Instant recordedAt) {
        tasks.add(taskId);
        Duration lag = Duration.between(recordedAt, clock.instant());
        if (lag.isNegative()) {
            metrics.count(Metric.STEPS_AHEAD_OF_TIME, 1);
            lag = Duration.ZERO;
        }
        if (lag.compareTo(HISTORY) <= 0) {
            metrics.measure(Metric.END_TO_END_LAG, lag);
        }
    }

    @Override
    public void rejected(Rejected rejected) {
        if (rejected.isNew()) {
            metrics.count(Metric.REJECTED, rejected.cause().text(), 1);
        }
    }

    /** All is over with these messages; what they became is in the batch. */
    void took(List<SQSMessage> messages, BatchWriter batch) {
        WriteResult result = batch.result();
        metrics.count(Metric.MESSAGES_TAKEN, messages.size());
        metrics.count(Metric.MESSAGES_FAILED, batch.unwritten().size());
        metrics.count(Metric.FAULTS, batch.faults());
        metrics.count(Metric.STEPS_WRITTEN, result.steps());
        metrics.count(Metric.DUPLICATES, result.duplicates());
        metrics.count(Metric.CONFLICTS, result.conflicts());
        metrics.count(Metric.RECORDS_DROPPED, result.dropped());
        for (SQSMessage message : messages) {
            if (!batch.unwritten().contains(message.getMessageId())) {
                measureQueue(message);
            }
        }
        metrics.tell("event", "ingested");
        metrics.tell("tasks", tasks.size());
        metrics.tell(
                "task_ids", tasks.stream().limit(BatchWriter.MOST_TASKS_TOLD).toList());
    }

    private void measureQueue(SQSMessage message) {
        String sent =
                message.getAttributes() == null ? null : message.getAttributes().get("SentTimestamp");
        if (sent != null) {
            Duration lag = Duration.between(Instant.ofEpochMilli(Long.parseLong(sent)), clock.instant());
            metrics.measure(Metric.QUEUE_LAG, lag.isNegative() ? Duration.ZERO : lag);
        }
    }
}
