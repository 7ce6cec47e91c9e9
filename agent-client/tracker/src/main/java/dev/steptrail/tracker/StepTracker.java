package dev.steptrail.tracker;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.tracker.internal.outbox.LossCounts;
import dev.steptrail.tracker.internal.outbox.LossReason;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxQuota;
import dev.steptrail.tracker.shipping.ShippingStats;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Records what phone agents do, step by step, into an outbox of files, from which a shipper delivers it. An agent makes one
 * tracker, starts a {@link TrackedTask} for each run, and closes the tracker when it ends; any number of tasks may be open at
 * once.
 *
 * <pre>{@code
 * try (TrackedTask task = tracker.startTask("What is the weather like?")) {
 *     task.record(StepData.action(Map.of("action", "Launch", "app", "Weather")).succeeded().build());
 *     task.succeeded("21 degrees");
 * }
 * }</pre>
 *
 * <p>The promise to the agent: once built, no method throws, and {@link TrackedTask#record} does not wait for the disk,
 * whatever is broken, unless a {@link Durability} is chosen that means waiting. What cannot be kept is counted in
 * {@link #stats()} and in the task's {@code losses}, and its number stays unused, so that the gap shows. The log has one
 * warning when losses of a kind begin, and one when there were none for ten seconds, both by the writer thread.
 *
 * <p>What survives a killed process or a power cut is set by the builder's {@link Durability}. A process that exits without
 * {@link #close} first writes what is queued, for up to the builder's {@code closeTimeout} and at most five seconds.
 *
 * <p>Thread-safe.
 */
public final class StepTracker implements AutoCloseable {
    /** An agent that exits should not seem to hang. */
    private static final Duration MAX_FLUSH_AT_EXIT = Duration.ofSeconds(5);

    private final @Nullable String agent;
    private final @Nullable String model;
    private final @Nullable String deviceId;
    private final Duration closeTimeout;
    private final Durability durability;
    private final TrackerCounts counts = new TrackerCounts();
    private final OutboxQuota quota;
    private final LossWarnings warnings;
    private final HandoffQueue queue;
    private final Confirmation confirmation;
    private final Thread thread;
    private final Thread flushAtExit;
    private final @Nullable BackgroundShipping shipping;
    private final Duration shippingTimeout;

    StepTracker(StepTrackerBuilder settings, Outbox outbox) {
        agent = settings.agent;
        model = settings.model;
        deviceId = settings.deviceId;
        closeTimeout = settings.closeTimeout;
        durability = settings.durability;
        quota = outbox.quota(settings.maxOutboxBytes);
        warnings = new LossWarnings(settings.quietPeriod);
        queue = new HandoffQueue(settings.maxQueuedSteps, settings.maxQueuedBytes, warnings);
        confirmation = new Confirmation(queue, settings.durabilityTimeout, counts.unconfirmed);
        Redactor redactor = new Redactor(settings.screenshotRedactor, settings.textRedactor, counts.withheldTexts);
        boolean synced = durability == Durability.SYNCED;
        thread = new Thread(
                new OutboxWriter(queue, outbox, quota, counts, redactor, warnings, synced), "steptrail-writer");
        thread.setDaemon(true);
        thread.start();
        flushAtExit = flushAtExit(queue, closeTimeout);
        shippingTimeout = settings.shippingTimeout;
        shipping = settings.shipping ? new BackgroundShipping(outbox) : null;
    }

    /**
     * Registers a shutdown hook that lets the writer thread, a daemon, write what is queued when the process exits without
     * {@link #close}. Open tasks are not ended, since nobody said how they went. The hook refers to the queue and not to the
     * tracker, and inherits no thread locals: it would keep both alive.
     */
    private static Thread flushAtExit(HandoffQueue queue, Duration closeTimeout) {
        Duration timeout = closeTimeout.compareTo(MAX_FLUSH_AT_EXIT) < 0 ? closeTimeout : MAX_FLUSH_AT_EXIT;
        Thread hook = new Thread(null, () -> flush(queue, timeout), "steptrail-flush", 0, false);
        hook.setContextClassLoader(null);
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException alreadyExiting) {
            // Nothing will be recorded for long.
        }
        return hook;
    }

    private static boolean flush(HandoffQueue queue, Duration timeout) {
        try {
            return queue.awaitWritten(queue.position(), timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A tracker that writes to the outbox in {@code folder}, which is created if absent. */
    public static StepTrackerBuilder builder(Path folder) {
        return new StepTrackerBuilder(folder);
    }

    /** Starts a task that the agent was asked to do in these words. */
    public TrackedTask startTask(@Nullable String instruction) {
        return startTask(new TaskInfo(instruction, null, null, null, Map.of()));
    }

    /** Starts a task. The caller must end or close it: until then the tracker holds its files open. */
    public TrackedTask startTask(@Nullable TaskInfo info) {
        TaskInfo known = info == null ? TaskInfo.UNKNOWN : info;
        Instant now = Instant.now();
        TaskStarted started = new TaskStarted(
                UuidV7.at(now),
                now,
                known.name(),
                known.description(),
                agent,
                model,
                known.deviceId() == null ? deviceId : known.deviceId(),
                known.continues(),
                null,
                known.metadata(),
                Map.of());
        TrackedTask task = new TrackedTask(this, started, new LossCounts(counts.losses));
        if (queue.start(task)) {
            confirm();
        } else if (!queue.isClosed()) {
            warnings.note(LossReason.NO_TASK, "Tasks are not being recorded: the queue is full");
        }
        return task;
    }

    int record(TrackedTask task, @Nullable StepData step) {
        int number = queue.record(task, step);
        if (number == 0) {
            counts.losses.addStep(queue.isClosed() ? LossReason.CLOSED : LossReason.NO_TASK);
        } else {
            confirm();
        }
        return number;
    }

    void end(TrackedTask task, TaskStatus status, Ending ending, @Nullable String message) {
        if (!queue.end(task, status, ending, message)) {
            counts.lostEnds.incrementAndGet();
            warnings.note(LossReason.NO_TASK, "The ends of tasks are not being recorded: the queue is full");
        } else {
            confirm();
        }
    }

    /**
     * Waits until everything that was recorded before is in the outbox or counted as lost.
     *
     * @param timeout none if null
     * @return whether that was so within {@code timeout}
     */
    public boolean flush(@Nullable Duration timeout) {
        return flush(queue, timeout == null ? Duration.ZERO : timeout);
    }

    /** What this tracker has done so far; read from memory, so that it can be called at any time. */
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
     * Ends open tasks as cancelled, writes what is queued, for as long as the builder's {@code closeTimeout}, lets a shipper
     * in this process deliver, for as long as its {@code shippingTimeout}, and stops.
     */
    @Override
    public void close() {
        for (TrackedTask task : queue.close("the tracker was closed")) {
            counts.lostEnds.incrementAndGet();
            TrackerLog.warn("The end of task " + task.id() + " is not recorded: the queue is full");
        }
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, TimeUnit.NANOSECONDS.convert(closeTimeout));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            TrackerLog.warn("Closed with " + queue.size() + " records not yet written");
        }
        try {
            Runtime.getRuntime().removeShutdownHook(flushAtExit);
        } catch (IllegalStateException alreadyExiting) {
            // The hook runs beside this thread, and waits for the same.
        }
        if (shipping != null) {
            shipping.close(shippingTimeout);
        }
    }

    private void confirm() {
        if (durability != Durability.QUEUED) {
            confirmation.await();
        }
    }
}
