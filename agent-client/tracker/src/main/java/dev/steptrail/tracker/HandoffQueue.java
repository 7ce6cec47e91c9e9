package dev.steptrail.tracker;

import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.tracker.internal.outbox.LossReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The queue between the agent's threads and the writer thread, bounded by the number of events and by the bytes of
 * their screenshots and texts. A step that does not fit is dropped and counted. Numbering and queueing a step share one
 * lock, so that a task's steps are queued in numerical order, and none is queued after the task's end.
 *
 * <p>The writer thread takes all queued events at once, so that it seldom competes for the lock, and calls
 * {@link #complete} for each. Until then, an event counts towards the bounds.
 */
final class HandoffQueue {
    /** Capacity beyond the bounds that is reserved for the starts and ends of tasks. */
    private static final int RESERVED_EVENTS = 256;

    private static final long RESERVED_BYTES = 1024 * 1024;

    private final int maxSteps;
    private final long maxBytes;
    private final LossWarnings warnings;

    // Guarded by this.
    private final Set<TrackedTask> openTasks = new LinkedHashSet<>();

    /** Allocated with its full capacity: a deque that runs out of memory while growing would lose its elements. */
    private final ArrayDeque<TrackerEvent> events;

    private long queued; // events since the start, including those that are completed
    private long queuedBytes;
    private boolean writerWaits;

    /** Set with the lock, read by the writer thread for each event without it. */
    private volatile boolean closed;

    /** The events that the writer thread has taken. Used by this thread alone. */
    private final ArrayDeque<TrackerEvent> taken;

    // Changed by the writer thread alone, without the lock.
    private volatile long completed;
    private volatile long completedBytes;

    /** The number of threads in {@link #awaitWritten}. */
    private volatile int waiting;

    HandoffQueue(int maxSteps, long maxBytes, LossWarnings warnings) {
        this.maxSteps = maxSteps;
        this.maxBytes = maxBytes;
        this.warnings = warnings;
        events = new ArrayDeque<>(maxSteps + RESERVED_EVENTS);
        taken = new ArrayDeque<>(maxSteps + RESERVED_EVENTS);
    }

    /** Opens a task. Returns false if its start does not fit or the queue is closed; the task then accepts no steps. */
    synchronized boolean start(TrackedTask task) {
        try {
            openTasks.add(task);
            task.open = !closed && offerToReserve(new TrackerEvent.Started(task));
        } catch (OutOfMemoryError e) { // must not reach the agent
            task.open = false;
        }
        if (!task.open) {
            openTasks.remove(task);
        }
        return task.open;
    }

    /**
     * Queues a step, without its screenshots if only they do not fit; otherwise drops and counts it.
     *
     * @return the step's number, which is consumed even if the step is dropped; 0 if the task is not open
     */
    int record(TrackedTask task, @Nullable StepData step) {
        LossReason loss;
        int number;
        synchronized (this) {
            if (!task.open || task.lastNumber == Integer.MAX_VALUE) {
                return 0;
            }
            number = ++task.lastNumber;
            try {
                loss = step == null ? LossReason.INVALID : offerStep(task, number, step);
            } catch (OutOfMemoryError e) { // must not reach the agent
                loss = LossReason.QUEUE_FULL;
            }
        }
        if (loss != null) {
            countLoss(task, loss);
        }
        return number;
    }

    private void countLoss(TrackedTask task, LossReason reason) {
        if (reason == LossReason.FRAME_QUEUE_FULL) {
            // The writer thread counts these screenshots when it writes the step without them.
            warnings.note(reason, "Screenshots are being dropped: more than " + maxBytes + " bytes would be queued");
            return;
        }
        task.losses.addStep(reason);
        String cause = reason == LossReason.INVALID
                ? "the agent recorded null"
                : "more than " + maxSteps + " steps or " + maxBytes + " bytes would be queued";
        warnings.note(reason, "Steps are being dropped: " + cause);
    }

    /** Queues the step. Returns null, or the reason why the step or its screenshots were dropped. */
    private @Nullable LossReason offerStep(TrackedTask task, int number, StepData step) {
        if (offer(new TrackerEvent.Recorded(task, number, step))) {
            return null;
        }
        // A copy, because the step itself would keep its screenshots in memory.
        return !step.screens.isEmpty() && offer(new TrackerEvent.Recorded(task, number, step.withoutScreenshots()))
                ? LossReason.FRAME_QUEUE_FULL
                : LossReason.QUEUE_FULL;
    }

    /** Ends a task, which then accepts no more steps. Returns false if the task was open and its end does not fit. */
    synchronized boolean end(
            TrackedTask task,
            TaskStatus status,
            EndReason endReason,
            @Nullable String message,
            Map<String, Object> customFields) {
        if (!task.open) {
            return true;
        }
        task.open = false;
        openTasks.remove(task);
        try {
            TaskEnded record = new TaskEnded(
                    task.id(), Instant.now(), status, endReason, message, task.lastNumber, List.of(), customFields);
            return offerToReserve(new TrackerEvent.Ended(task, record));
        } catch (OutOfMemoryError e) { // must not reach the agent
            return false;
        }
    }

    /** Queues a verdict. Returns false if it does not fit or the queue is closed. */
    synchronized boolean judge(Verdict verdict) {
        try {
            return !closed && offer(new TrackerEvent.Judged(verdict));
        } catch (OutOfMemoryError e) { // must not reach the agent
            return false;
        }
    }

    private boolean offer(TrackerEvent event) {
        return offer(event, maxSteps, maxBytes);
    }

    private boolean offerToReserve(TrackerEvent event) {
        return offer(event, maxSteps + RESERVED_EVENTS, maxBytes + RESERVED_BYTES);
    }

    private boolean offer(TrackerEvent event, int eventLimit, long byteLimit) {
        long size = event.bytes();
        if (queued - completed >= eventLimit || size > byteLimit - (queuedBytes - completedBytes)) {
            return false;
        }
        events.add(event);
        queued++;
        queuedBytes += size;
        if (writerWaits) {
            notifyAll();
        }
        return true;
    }

    /**
     * Closes the queue: ends the open tasks as cancelled, and lets the writer thread stop once everything is written.
     *
     * @return the tasks whose ends did not fit
     */
    synchronized List<TrackedTask> close(String message) {
        closed = true;
        List<TrackedTask> tasksWithoutEnd = List.copyOf(openTasks).stream()
                .filter(task -> !end(task, TaskStatus.CANCELLED, EndReason.CANCELLED, message, Map.of()))
                .toList();
        notifyAll();
        return tasksWithoutEnd;
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Removes the next event, waiting up to {@code timeout} for it. Returns null after the timeout, or if the queue is
     * closed and empty.
     */
    @Nullable
    TrackerEvent take(Duration timeout) {
        if (taken.isEmpty()) {
            takeAll(timeout);
        }
        return taken.poll();
    }

    private synchronized void takeAll(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        writerWaits = true;
        while (events.isEmpty() && !closed) {
            try {
                if (!awaitChange(deadline)) {
                    break;
                }
            } catch (InterruptedException ignored) {
                // An agent's redactor may leave the writer thread interrupted; only close() stops it.
            }
        }
        writerWaits = false;
        taken.addAll(events);
        events.clear();
    }

    /** Marks an event as written or counted as lost. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // no other thread calls it
    void complete(TrackerEvent event) {
        completedBytes += event.bytes();
        completed++;
        if (waiting > 0) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** Returns the position of the last queued event, for {@link #awaitWritten}. */
    synchronized long lastPosition() {
        return queued;
    }

    /** Returns whether all events up to {@code position} are written or counted as lost. */
    boolean isWritten(long position) {
        return completed >= position;
    }

    /** Waits until {@link #isWritten} returns true; returns false after {@code timeout}. */
    synchronized boolean awaitWritten(long position, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + Math.max(0, TimeUnit.NANOSECONDS.convert(timeout));
        waiting++;
        try {
            while (!isWritten(position)) {
                if (!awaitChange(deadline)) {
                    return false;
                }
            }
            return true;
        } finally {
            waiting--;
        }
    }

    /** Waits for a change of the queue until {@code deadline}. Returns false if that has passed. */
    private boolean awaitChange(long deadline) throws InterruptedException {
        long remaining = deadline - System.nanoTime();
        if (remaining <= 0) {
            return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, remaining);
        return true;
    }

    /** Returns the number of events that are not written yet. */
    synchronized int size() {
        return (int) (queued - completed);
    }

    /** Returns the number of bytes that are not written yet. */
    synchronized long bytes() {
        return queuedBytes - completedBytes;
    }
}
