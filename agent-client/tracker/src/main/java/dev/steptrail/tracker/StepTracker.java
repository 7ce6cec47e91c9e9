package dev.steptrail.tracker;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.tracker.outbox.Outbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records an agent's tasks, one after the other, step by step, into an outbox.
 *
 * <p>The promise to the agent: once built, no method throws, and {@link #record} never waits for anything, whatever is
 * broken. What cannot be kept is counted in {@link #stats()} and in the task's {@code losses}, and its number stays unused,
 * so that the gap shows. The other promise, to whoever looks later: a step that a writer thread has written, moments after
 * {@code record}, survives the end of this process.
 *
 * <p>Thread-safe. One tracker records one task at a time; an agent that drives several phones has a tracker for each.
 */
public final class StepTracker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StepTracker.class);

    private final @Nullable String agent;
    private final @Nullable String model;
    private final @Nullable String deviceId;
    private final Duration closeTimeout;
    private final HandoffQueue queue;
    private final OutboxWriter writer;
    private final Thread thread;
    private final DropCounts droppedSteps = new DropCounts();
    private final DropCounts droppedScreenshots = new DropCounts();
    private final AtomicReference<@Nullable OpenTask> current = new AtomicReference<>();
    private volatile boolean closed;

    private StepTracker(Builder settings, Outbox outbox) {
        agent = settings.agent;
        model = settings.model;
        deviceId = settings.deviceId;
        closeTimeout = settings.closeTimeout;
        queue = new HandoffQueue(settings.maxQueuedSteps, settings.maxQueuedFrameBytes);
        writer = new OutboxWriter(queue, outbox);
        thread = new Thread(writer, "steptrail-writer");
        thread.setDaemon(true);
        thread.start();
    }

    /** A tracker that writes to the outbox in {@code folder}, made if absent. */
    public static Builder builder(Path folder) {
        return new Builder(folder);
    }

    /**
     * Begins a task. One that is still open ends as cancelled.
     *
     * @return its id, a UUID of version 7
     */
    public synchronized UUID taskStarted(@Nullable TaskInfo info) {
        endOpenTask(TaskStatus.CANCELLED, Ending.CANCELLED, "another task was started");
        OpenTask task = new OpenTask(
                started(info == null ? TaskInfo.UNKNOWN : info, Instant.now()), droppedSteps, droppedScreenshots);
        if (!closed && offered(new TrackerEvent.Started(task))) {
            current.set(task);
        }
        return task.id();
    }

    /**
     * Records the next step of the open task.
     *
     * @return its number, taken even if the step had to be dropped; 0 if no task is open, which is counted
     */
    public int record(@Nullable StepData step) {
        OpenTask task = current.get();
        int number = task == null ? 0 : task.nextStepNumber();
        if (task == null || number == 0) {
            droppedSteps.add(closed ? DropReason.CLOSED : DropReason.NO_TASK);
            return 0;
        }
        DropReason refused = step == null
                ? DropReason.INVALID
                : queue.offer(new TrackerEvent.Recorded(task, number, Instant.now(), step));
        if (refused != null) {
            task.droppedSteps.add(refused);
        }
        return number;
    }

    /** Ends the open task; nothing happens if none is open. */
    public void taskEnded(@Nullable TaskStatus status, @Nullable String message) {
        taskEnded(status, null, message);
    }

    /**
     * Ends the open task, saying why; nothing happens if none is open.
     *
     * @param status failed if null: nobody says that it went well
     * @param ending what the status says of it if null
     */
    public synchronized void taskEnded(@Nullable TaskStatus status, @Nullable Ending ending, @Nullable String message) {
        TaskStatus known = status == null ? TaskStatus.FAILED : status;
        endOpenTask(known, ending == null ? Ending.of(known) : ending, message);
    }

    /**
     * Waits until all that was recorded before is in the outbox or counted as dropped.
     *
     * @return whether that came to pass within {@code timeout}
     */
    public boolean flush(Duration timeout) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (!thread.isAlive() || !queue.offerControl(new TrackerEvent.Flush(done))) {
            return queue.size() == 0;
        }
        try {
            done.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /** What this tracker has done so far. */
    public TrackerStats stats() {
        return new TrackerStats(
                queue.size(), writer.written(), droppedSteps.byKey(), droppedScreenshots.byKey(), writer.lastError());
    }

    /** Ends the open task as cancelled, writes what is queued, for as long as the builder's close timeout, and stops. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            endOpenTask(TaskStatus.CANCELLED, Ending.CANCELLED, "the tracker was closed");
        }
        writer.closeWhenDrained();
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, TimeUnit.NANOSECONDS.convert(closeTimeout));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("Closed with {} steps not yet written", queue.size());
        }
    }

    private TaskStarted started(TaskInfo info, Instant now) {
        return new TaskStarted(
                UuidV7.at(now),
                now,
                info.name(),
                info.description(),
                agent,
                model,
                deviceId,
                info.continues(),
                null,
                info.metadata(),
                Map.of());
    }

    private void endOpenTask(TaskStatus status, Ending ending, @Nullable String message) {
        OpenTask task = current.getAndSet(null);
        if (task != null) {
            offered(new TrackerEvent.Ended(
                    task, new TaskEnded(task.id(), Instant.now(), status, ending, message, task.end(), Map.of())));
        }
    }

    private boolean offered(TrackerEvent.OfTask event) {
        boolean taken = queue.offerControl(event);
        if (!taken) {
            LOG.warn(
                    "Begin or end of task {} is not recorded: the queue is full",
                    event.task().id());
        }
        return taken;
    }

    /** Not thread-safe. */
    public static final class Builder {
        private static final int MOST_QUEUED_STEPS = 1_000_000;

        private final Path folder;
        private @Nullable String agent;
        private @Nullable String model;
        private @Nullable String deviceId;
        private int maxQueuedSteps = 10_000;
        private long maxQueuedFrameBytes = 64L * 1024 * 1024;
        private Duration closeTimeout = Duration.ofSeconds(5);

        private Builder(Path folder) {
            this.folder = folder;
        }

        /** The program that acts, such as {@code Open-AutoGLM}. */
        public Builder agent(@Nullable String agent) {
            this.agent = agent;
            return this;
        }

        /** The model that decides. */
        public Builder model(@Nullable String model) {
            this.model = model;
            return this;
        }

        /** The phone, as its driver names it. */
        public Builder deviceId(@Nullable String deviceId) {
            this.deviceId = deviceId;
            return this;
        }

        /** How many steps may wait for the writer thread, 1 to 1,000,000, 10,000 by default; more are dropped. */
        public Builder maxQueuedSteps(int steps) {
            require(steps >= 1 && steps <= MOST_QUEUED_STEPS, "maxQueuedSteps must be 1 to 1000000, but is " + steps);
            maxQueuedSteps = steps;
            return this;
        }

        /** How many bytes of pictures may wait, 64 MiB by default; steps beyond that are dropped. */
        public Builder maxQueuedFrameBytes(long bytes) {
            require(bytes >= 1, "maxQueuedFrameBytes must be 1 or more, but is " + bytes);
            maxQueuedFrameBytes = bytes;
            return this;
        }

        /** How long {@link StepTracker#close} waits for the writer thread, 5 s by default. */
        public Builder closeTimeout(Duration timeout) {
            require(!timeout.isNegative(), "closeTimeout must not be negative, but is " + timeout);
            closeTimeout = timeout;
            return this;
        }

        /**
         * Makes the tracker and starts its writer thread.
         *
         * @throws UncheckedIOException if the outbox cannot be made or written to; the message names it
         */
        public StepTracker build() {
            try {
                return new StepTracker(this, Outbox.in(folder));
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }

        private static void require(boolean right, String problem) {
            if (!right) {
                throw new IllegalArgumentException(problem);
            }
        }
    }
}
