package dev.steptrail.tracker;

import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.tracker.internal.outbox.LossCounts;
import dev.steptrail.tracker.internal.outbox.LossReason;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxQuota;
import dev.steptrail.tracker.shipping.ShippingStats;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Records the steps of phone agents into an outbox, a folder of files that a shipper delivers. An agent creates one
 * tracker, starts a {@link TrackedTask} for each instruction that it executes, and finally closes the tracker. Any
 * number of tasks may be open at once.
 *
 * <pre>{@code
 * try (TrackedTask task = tracker.startTask("What is the weather like?")) {
 *     task.record(StepData.action(Map.of("action", "Launch", "app", "Weather")).succeeded().build());
 *     task.succeeded("21 degrees");
 * }
 * }</pre>
 *
 * <p>Once the tracker is built, no method throws, and {@link TrackedTask#record} does not wait for the disk, unless the
 * builder's {@link Durability} requires it. A dropped step is counted in {@link #stats()} and in the task's
 * {@code losses}; its number is not reused, so that the gap is visible. For each reason, the writer thread logs a
 * warning when losses start and another after 10 s without losses.
 *
 * <p>The builder's {@link Durability} determines what survives a killed process or a power cut. A process that exits
 * without {@link #close} first writes the queued events, for up to the builder's {@code closeTimeout} and at most 5 s.
 *
 * <p>Thread-safe.
 */
public final class StepTracker implements AutoCloseable {
    private static final Duration MAX_FLUSH_AT_EXIT = Duration.ofSeconds(5);

    private final @Nullable String agent;
    private final @Nullable String model;
    private final @Nullable String deviceId;
    private final Duration closeTimeout;
    private final Durability durability;
    private final boolean recordsModelCalls;
    private final TrackerCounts counts = new TrackerCounts();
    private final OutboxQuota quota;
    private final LossWarnings warnings;
    private final HandoffQueue queue;
    private final DurabilityWaiter durabilityWaiter;
    private final Thread writerThread;
    private final Thread flushAtExit;
    private final @Nullable BackgroundShipping shipping;
    private final Duration shippingTimeout;

    StepTracker(StepTrackerBuilder settings, Outbox outbox) {
        agent = settings.agent;
        model = settings.model;
        deviceId = settings.deviceId;
        closeTimeout = settings.closeTimeout;
        durability = settings.durability;
        recordsModelCalls = settings.recordsModelCalls;
        quota = outbox.quota(settings.maxOutboxBytes);
        warnings = new LossWarnings(settings.quietPeriod);
        queue = new HandoffQueue(settings.maxQueuedSteps, settings.maxQueuedBytes, warnings);
        durabilityWaiter = new DurabilityWaiter(queue, settings.durabilityTimeout, counts.unconfirmed);
        Redactor redactor = new Redactor(settings.screenshotRedactor, settings.textRedactor, counts.withheldTexts);
        boolean synced = durability == Durability.SYNCED;
        writerThread = new Thread(
                new OutboxWriter(queue, outbox, quota, counts, redactor, warnings, synced), "steptrail-writer");
        writerThread.setDaemon(true);
        writerThread.start();
        flushAtExit = registerFlushAtExit(queue, closeTimeout);
        shippingTimeout = settings.shippingTimeout;
        shipping = settings.shipping ? new BackgroundShipping(outbox) : null;
    }

    /**
     * Registers a shutdown hook that waits for the writer thread, a daemon, when the process exits without
     * {@link #close}. The hook does not end open tasks, because their result is unknown. It references only the queue
     * and inherits no thread locals, so that these and the tracker can be garbage-collected.
     */
    private static Thread registerFlushAtExit(HandoffQueue queue, Duration closeTimeout) {
        Duration timeout = closeTimeout.compareTo(MAX_FLUSH_AT_EXIT) < 0 ? closeTimeout : MAX_FLUSH_AT_EXIT;
        Thread hook = new Thread(null, () -> flush(queue, timeout), "steptrail-flush", 0, false);
        hook.setContextClassLoader(null);
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException alreadyExiting) {
            // The process exits without a flush by this tracker.
        }
        return hook;
    }

    private static boolean flush(HandoffQueue queue, Duration timeout) {
        try {
            return queue.awaitWritten(queue.lastPosition(), timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns a builder for a tracker that writes to the outbox in {@code folder}, which is created if absent. */
    public static StepTrackerBuilder builder(Path folder) {
        return new StepTrackerBuilder(folder);
    }

    /** Starts a task with the instruction that the agent was given. */
    public TrackedTask startTask(@Nullable String instruction) {
        return startTask(instruction == null ? TaskInfo.UNKNOWN : TaskInfo.of(instruction));
    }

    /** Starts a task. The caller must end or close it; until then the tracker keeps the task's files open. */
    public TrackedTask startTask(@Nullable TaskInfo info) {
        TaskInfo properties = info == null ? TaskInfo.UNKNOWN : info;
        Instant now = Instant.now();
        TaskStarted started = new TaskStarted(
                UuidV7.at(now),
                now,
                properties.name(),
                properties.description(),
                agent,
                model,
                properties.deviceId() == null ? deviceId : properties.deviceId(),
                properties.previousTaskId(),
                null,
                properties.metadata(),
                properties.experimentCase(),
                List.of(),
                Map.of());
        TrackedTask task = new TrackedTask(this, started, new LossCounts(counts.losses));
        if (queue.start(task)) {
            awaitDurability();
        } else if (!queue.isClosed()) {
            warnings.note(LossReason.NO_TASK, "Tasks are not being recorded: the queue is full");
        }
        return task;
    }

    int record(TrackedTask task, @Nullable StepData step) {
        int number = queue.record(task, step == null || recordsModelCalls ? step : step.withoutModelTexts());
        if (number == 0) {
            counts.losses.addStep(queue.isClosed() ? LossReason.CLOSED : LossReason.NO_TASK);
        } else {
            awaitDurability();
        }
        return number;
    }

    void end(
            TrackedTask task,
            TaskStatus status,
            EndReason endReason,
            @Nullable String message,
            Map<String, Object> customFields) {
        if (!queue.end(task, status, endReason, message, customFields)) {
            counts.lostEnds.incrementAndGet();
            warnings.note(LossReason.NO_TASK, "The ends of tasks are not being recorded: the queue is full");
        } else {
            awaitDurability();
        }
    }

    /**
     * Records an automatic verdict on a task. The task may have been recorded by another process, and may have ended
     * long ago. A later verdict of the same name and evaluator replaces it.
     *
     * @return false if the verdict is invalid or was dropped, which {@link #stats} counts
     */
    @SuppressWarnings("ConstantValue") // a null from the agent must not cause an exception in the agent
    public boolean judge(@Nullable UUID taskId, @Nullable VerdictData verdict) {
        if (taskId == null || verdict == null) {
            return loseVerdict("the task's id or the verdict is null");
        }
        try {
            Verdict record = new Verdict(
                    taskId,
                    Instant.now(),
                    verdict.name(),
                    verdict.value(),
                    verdict.evaluator(),
                    verdict.evaluatorVersion(),
                    verdict.reason(),
                    Map.of());
            if (!queue.judge(record)) {
                return loseVerdict(queue.isClosed() ? "the tracker is closed" : "the queue is full");
            }
        } catch (IllegalArgumentException | NullPointerException invalid) {
            return loseVerdict(String.valueOf(invalid.getMessage()));
        }
        awaitDurability();
        return true;
    }

    private boolean loseVerdict(String reason) {
        counts.lostVerdicts.incrementAndGet();
        warnings.note(LossReason.INVALID, "Verdicts are being dropped: " + reason);
        return false;
    }

    /**
     * Waits until every event recorded before this call is written to the outbox or counted as lost.
     *
     * @param timeout the maximum wait; zero if null
     * @return false if the timeout elapsed or the thread was interrupted
     */
    public boolean flush(@Nullable Duration timeout) {
        return flush(queue, timeout == null ? Duration.ZERO : timeout);
    }

    /** Returns the current statistics of this tracker. Does not access the disk. */
    public TrackerStats stats() {
        ShippingStats shipped = shipping == null ? null : shipping.stats();
        return new TrackerStats(
                queue.size(),
                queue.bytes(),
                counts.written.get(),
                quota.written(),
                counts.losses.steps(),
                counts.losses.screenshots(),
                counts.withheldTexts.get(),
                counts.unconfirmed.get(),
                counts.lostEnds.get(),
                counts.lostVerdicts.get(),
                counts.lastError(),
                shipped == null ? null : shipped.shippedSteps(),
                shipped == null ? null : shipped.outboxBytes(),
                shipped == null ? null : age(shipped.oldestUnshipped()));
    }

    private static Duration age(@Nullable Instant since) {
        Duration age = since == null ? Duration.ZERO : Duration.between(since, Instant.now());
        return age.isNegative() ? Duration.ZERO : age;
    }

    /**
     * Ends open tasks as cancelled and waits for the writer thread, up to the builder's {@code closeTimeout}. Then
     * waits up to its {@code shippingTimeout} for a shipper in this process to deliver.
     */
    @Override
    public void close() {
        for (TrackedTask task : queue.close("the tracker was closed")) {
            counts.lostEnds.incrementAndGet();
            TrackerLog.warn("The end of task " + task.id() + " was not recorded: the queue is full");
        }
        try {
            TimeUnit.NANOSECONDS.timedJoin(writerThread, TimeUnit.NANOSECONDS.convert(closeTimeout));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (writerThread.isAlive()) {
            TrackerLog.warn("close() timed out with " + queue.size() + " unwritten records; increase closeTimeout");
        }
        try {
            Runtime.getRuntime().removeShutdownHook(flushAtExit);
        } catch (IllegalStateException alreadyExiting) {
            // The hook is already running and waits for the writer thread as well.
        }
        if (shipping != null) {
            shipping.close(shippingTimeout);
        }
    }

    private void awaitDurability() {
        if (durability != Durability.QUEUED) {
            durabilityWaiter.await();
        }
    }
}
