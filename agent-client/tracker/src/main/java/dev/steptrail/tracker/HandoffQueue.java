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
 * The queue between the agent's threads and the writer thread, bounded by the number of steps and by the bytes of their
 * screenshots and texts. A step that does not fit is dropped and counted. Agent threads wait only for the lock, which
 * is held for a few instructions. Numbering and queueing a step share one lock, so that a task's steps are queued in
 * numerical order, and none is queued after the task's end.
 *
 * <p>The writer thread removes all queued events at once and calls {@link #complete} for each. Until then, an event
 * counts towards the bounds.
 *
 * <p>If the previous event is a step of the same task, only the {@link StepData} is queued, and the writer thread
 * creates the event. The writer thread also returns its emptied deque for reuse. Recording thus allocates no
 * memory. The first access to new memory would cost the agent's thread more time than the lock does.
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

    /**
     * Queued events; a bare {@link StepData} is the next step of the last task. Allocated with its full capacity,
     * because an {@link ArrayDeque} that runs out of memory while growing loses its elements.
     */
    private ArrayDeque<Object> events;

    private @Nullable TrackedTask lastTask;
    private int lastNumber;
    private boolean writerIsWaiting;
    private long totalQueuedBytes; // including those that are completed
    private long totalQueued;
    private volatile boolean closed;

    // Used by the writer thread alone: the removed events, and the task and number of the last step among them.
    private ArrayDeque<Object> drained;
    private @Nullable TrackedTask drainedTask;
    private int drainedNumber;

    /** The events and bytes that the writer thread has completed since the start. Modified by that thread alone. */
    private volatile long written;

    private volatile long writtenBytes;
    private final Object progress = new Object();

    HandoffQueue(int maxSteps, long maxBytes, LossWarnings warnings) {
        this(maxSteps, maxBytes, warnings, 0);
    }

    /** @param firstPosition the initial value of {@link #lastPosition} */
    HandoffQueue(int maxSteps, long maxBytes, LossWarnings warnings, long firstPosition) {
        this.maxSteps = maxSteps;
        this.maxBytes = maxBytes;
        this.warnings = warnings;
        events = new ArrayDeque<>(maxSteps + RESERVED_EVENTS);
        drained = new ArrayDeque<>(maxSteps + RESERVED_EVENTS);
        totalQueued = firstPosition;
        written = firstPosition;
    }

    /** Opens a task. Returns false if its start does not fit or the queue is closed; the task then accepts no steps. */
    boolean start(TrackedTask task) {
        long bytes = StepData.bytesOf(task.started.description())
                + StepData.bytesOf(task.started.metadata())
                + StepData.bytesOf(task.started.experimentCase().attributes());
        synchronized (this) {
            if (closed || !fitsReserve(bytes)) {
                return false;
            }
            try {
                openTasks.add(task);
                put(new TrackerEvent.Started(task, bytes), bytes);
            } catch (OutOfMemoryError e) { // must not reach the agent
                openTasks.remove(task);
                return false;
            }
            task.open = true;
            return true;
        }
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
                loss = step == null ? LossReason.INVALID : tryPut(task, number, step);
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
        } else if (reason == LossReason.QUEUE_FULL) {
            task.losses.addStep(reason);
            warnings.note(
                    reason,
                    "Steps are being dropped: more than " + maxSteps + " steps or " + maxBytes
                            + " bytes would be queued");
        } else {
            task.losses.addStep(reason);
            warnings.note(reason, "Steps are being dropped: the agent recorded null");
        }
    }

    /** Queues the step. Returns null, or the reason why the step or its screenshots were dropped. */
    private @Nullable LossReason tryPut(TrackedTask task, int number, StepData step) {
        long free = maxBytes - (totalQueuedBytes - writtenBytes);
        if (totalQueued - written >= maxSteps) {
            return LossReason.QUEUE_FULL;
        } else if (step.bytes() <= free) {
            putStep(task, number, step);
            return null;
        } else if (step.bytesWithoutScreenshots() <= free) {
            // A copy, because the step itself would keep its screenshots in memory.
            putStep(task, number, step.withoutScreenshots());
            return LossReason.FRAME_QUEUE_FULL;
        }
        return LossReason.QUEUE_FULL;
    }

    /** Ends a task, which then accepts no more steps. Returns false if the task was open and its end does not fit. */
    boolean end(
            TrackedTask task,
            TaskStatus status,
            EndReason endReason,
            @Nullable String message,
            Map<String, Object> customFields) {
        long bytes = StepData.bytesOf(message) + StepData.bytesOf(customFields);
        synchronized (this) {
            if (!task.open) {
                return true;
            }
            task.open = false;
            openTasks.remove(task);
            lastTask = lastTask == task ? null : lastTask;
            if (!fitsReserve(bytes)) {
                return false;
            }
            try {
                TaskEnded record = new TaskEnded(
                        task.id(), Instant.now(), status, endReason, message, task.lastNumber, customFields);
                put(new TrackerEvent.Ended(task, record, bytes), bytes);
                return true;
            } catch (OutOfMemoryError e) {
                return false;
            }
        }
    }

    /** Queues a verdict. Returns false if it does not fit or the queue is closed. */
    boolean judge(Verdict verdict) {
        long bytes = StepData.bytesOf(verdict.reason());
        synchronized (this) {
            if (closed || totalQueued - written >= maxSteps || bytes > maxBytes - (totalQueuedBytes - writtenBytes)) {
                return false;
            }
            try {
                put(new TrackerEvent.Judged(verdict, bytes), bytes);
                return true;
            } catch (OutOfMemoryError e) { // must not reach the agent
                return false;
            }
        }
    }

    private boolean fitsReserve(long bytes) {
        return totalQueued - written < maxSteps + RESERVED_EVENTS
                && bytes <= maxBytes + RESERVED_BYTES - (totalQueuedBytes - writtenBytes);
    }

    private void putStep(TrackedTask task, int number, StepData step) {
        boolean follows = task == lastTask && number == lastNumber + 1;
        put(follows ? step : new TrackerEvent.Recorded(task, number, step), step.bytes());
        lastTask = task;
        lastNumber = number;
    }

    private void put(Object event, long bytes) {
        events.add(event);
        totalQueued++;
        totalQueuedBytes += bytes;
        if (writerIsWaiting) {
            writerIsWaiting = false;
            notifyAll();
        }
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
     * closed and empty. Only the writer thread may call this method.
     */
    @Nullable
    TrackerEvent take(Duration timeout) {
        if (drained.isEmpty()) {
            drain(timeout);
        }
        Object next = drained.peek();
        if (next instanceof StepData step && drainedTask != null) {
            next = new TrackerEvent.Recorded(drainedTask, drainedNumber + 1, step);
        }
        if (next instanceof TrackerEvent.Recorded step) {
            drainedTask = step.task();
            drainedNumber = step.stepNumber();
        } else if (next instanceof TrackerEvent.Ended end && end.task() == drainedTask) {
            drainedTask = null;
        }
        drained.poll(); // removed last: after an OutOfMemoryError above, the next call returns the same event
        return (TrackerEvent) next;
    }

    private synchronized void drain(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        long remaining = timeout.toNanos();
        while (events.isEmpty() && !closed && remaining > 0) {
            writerIsWaiting = true;
            try {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(remaining, 1_000_000));
            } catch (InterruptedException ignored) {
                // An agent's redactor may leave this thread interrupted; only close() stops it.
                Thread.interrupted();
            }
            remaining = deadline - System.nanoTime();
        }
        writerIsWaiting = false;
        ArrayDeque<Object> emptied = drained;
        drained = events;
        events = emptied;
    }

    /** Marks an event as written or counted as lost. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // only the writer thread modifies these fields
    void complete(TrackerEvent event) {
        synchronized (progress) {
            writtenBytes += event.bytes();
            written++;
            progress.notifyAll();
        }
    }

    /** Returns the position of the last queued event, for {@link #awaitWritten}. */
    synchronized long lastPosition() {
        return totalQueued;
    }

    /** Returns whether all events up to {@code position} are written or counted as lost. */
    boolean isWritten(long position) {
        return written >= position;
    }

    /** Waits until {@link #isWritten} returns true; returns false after {@code timeout}. */
    boolean awaitWritten(long position, Duration timeout) throws InterruptedException {
        long limit = TimeUnit.NANOSECONDS.convert(timeout);
        long start = System.nanoTime();
        synchronized (progress) {
            long remaining = limit;
            while (!isWritten(position) && remaining > 0) {
                TimeUnit.NANOSECONDS.timedWait(progress, Math.max(remaining, 1_000_000));
                remaining = limit - (System.nanoTime() - start);
            }
        }
        return isWritten(position);
    }

    /** Returns the number of events that are not written yet. */
    synchronized int size() {
        return (int) Math.max(0, totalQueued - written);
    }

    /** Returns the number of bytes that are not written yet. */
    synchronized long bytes() {
        return Math.max(0, totalQueuedBytes - writtenBytes);
    }
}
