package dev.steptrail.tracker;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.outbox.Outbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Records an agent's tasks, one after the other, step by step, into an outbox.
 *
 * <p>The promise to the agent: once built, no method throws, and {@link #record} never waits for anything, whatever is
 * broken, unless a {@link Durability} is chosen that means waiting. What cannot be kept is counted in {@link #stats()} and in
 * the task's {@code losses}, and its number stays unused, so that the gap shows. The log says once that dropping begins, and
 * once that it has ended: nothing was dropped for ten seconds. The writer thread says it, never one of the agent's.
 *
 * <p>The other promise, to whoever looks later, is the builder's {@link Durability}. {@code QUEUED}, the default, may lose
 * with a killed process what the writer thread had not written, milliseconds: the last steps, behind which no number shows a
 * gap; what shows is a task without an end, which is abandoned. With {@code WRITTEN} the start
 * of a task, each step and the end survive a killed process once their method has returned, with {@code SYNCED} a power cut
 * too. These two make the agent wait for the disk: tens of microseconds for a file, half a millisecond and more for a disk,
 * at most the builder's {@code durabilityTimeout} (5 s). What takes longer is counted as {@code unconfirmed}, and until the
 * disk has caught up nothing is waited for, but counted so.
 *
 * <p>A process that ends without {@link #close}, but not by a kill, first has what is queued written, for up to the builder's
 * {@code closeTimeout}, and five seconds at most.
 *
 * <p>Thread-safe. One tracker records one task at a time; an agent that drives several phones has a tracker for each.
 */
public final class StepTracker implements AutoCloseable {
    private final AgentIdentity agent;
    private final Duration closeTimeout;
    private final boolean confirmed;
    private final TrackerCounts counts = new TrackerCounts();
    private final HandoffQueue queue;
    private final CurrentTask current;
    private final Confirmation confirmation;
    private final Thread thread;
    private final LastWrite lastWrite;
    private final @Nullable BackgroundShipping shipping;
    private final Duration shippingTimeout;

    StepTracker(StepTrackerBuilder settings, Outbox outbox) {
        agent = new AgentIdentity(settings.agent, settings.model, settings.deviceId);
        closeTimeout = settings.closeTimeout;
        confirmed = settings.durability != Durability.QUEUED;
        queue = new HandoffQueue(settings.maxQueuedSteps, settings.maxQueuedFrameBytes, settings.quiet);
        current = new CurrentTask(queue, counts);
        confirmation = new Confirmation(queue, settings.durabilityTimeout, counts.unconfirmed);
        thread = new Thread(new OutboxWriter(queue, outbox, counts, settings), "steptrail-writer");
        thread.setDaemon(true);
        thread.start();
        lastWrite = LastWrite.of(queue, closeTimeout);
        shippingTimeout = settings.shippingTimeout;
        shipping = settings.shipping ? BackgroundShipping.start(outbox) : null;
    }

    /** A tracker that writes to the outbox in {@code folder}, made if absent. */
    public static StepTrackerBuilder builder(Path folder) {
        return new StepTrackerBuilder(folder);
    }

    /**
     * Begins a task. One that is still open ends as cancelled.
     *
     * @return its id, a UUID of version 7
     */
    public UUID taskStarted(@Nullable TaskInfo info) {
        OpenTask task = current.begin(agent, info == null ? TaskInfo.UNKNOWN : info);
        confirm();
        return task.id();
    }

    /**
     * Records the next step of the open task.
     *
     * @return its number, taken even if the step had to be dropped; 0 if no task is open, which is counted
     */
    public int record(@Nullable StepData step) {
        int number = queue.record(step);
        if (number == 0) {
            counts.droppedSteps.add(queue.isClosed() ? DropReason.CLOSED : DropReason.NO_TASK);
        } else {
            confirm();
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
    public void taskEnded(@Nullable TaskStatus status, @Nullable Ending ending, @Nullable String message) {
        TaskStatus known = status == null ? TaskStatus.FAILED : status;
        current.end(known, ending == null ? Ending.of(known) : ending, message);
        confirm();
    }

    /**
     * Waits until all that was recorded before is in the outbox or counted as dropped.
     *
     * @param timeout nothing if null
     * @return whether that came to pass within {@code timeout}
     */
    public boolean flush(@Nullable Duration timeout) {
        try {
            return queue.awaitWritten(queue.place(), timeout == null ? Duration.ZERO : timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What this tracker has done so far; from memory, so that it can be asked at any time. */
    public TrackerStats stats() {
        return counts.with(queue, shipping == null ? null : shipping.stats());
    }

    /**
     * Ends the open task as cancelled, writes what is queued, for as long as the builder's {@code closeTimeout}, lets a
     * shipper in this process deliver, for as long as its {@code shippingTimeout}, and stops.
     */
    @Override
    public void close() {
        current.close();
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, TimeUnit.NANOSECONDS.convert(closeTimeout));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            TrackerLog.warn("Closed with " + queue.size() + " records not yet written");
        }
        lastWrite.cancel();
        if (shipping != null) {
            shipping.close(shippingTimeout);
        }
    }

    private void confirm() {
        if (confirmed) {
            confirmation.await();
        }
    }
}
