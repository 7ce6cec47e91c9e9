package dev.steptrail.tracker;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
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
 * The queue between the agent's threads and the writer thread, bounded by count and by bytes of screenshots and texts. What
 * does not fit is dropped and counted: an agent's thread never waits for room, only for the few instructions for which another
 * thread holds the lock. One lock gives a step its number and its place together, so that a task's steps are queued in the
 * order of their numbers, and none after its end.
 *
 * <p>The writer thread takes everything that is queued at once, and reports each event that it is done with; until then the
 * event counts towards the bounds.
 *
 * <p>A step that follows another one of its task is queued as it is, and its event is made by the writer thread. The writer
 * thread gives back the emptied deque for the next steps. So recording allocates nothing: memory that is touched for the
 * first time costs the agent's thread more than the lock.
 */
final class HandoffQueue {
    /** Places and bytes beyond the bounds for starts and ends, which must not be dropped because of steps. */
    private static final int RESERVED_EVENTS = 256;

    private static final long RESERVED_BYTES = 1024 * 1024;

    private final int maxSteps;
    private final long maxBytes;
    private final LossWarnings warnings;

    // Guarded by this.
    private final Set<TrackedTask> open = new LinkedHashSet<>();

    /**
     * Events, and in place of an event the {@link StepData} of the next step of the same task as the step before. Has room for as many as
     * the bounds allow, because an {@link ArrayDeque} that finds no memory to grow loses its elements.
     */
    private ArrayDeque<Object> events;

    private @Nullable TrackedTask lastTask;
    private int lastNumber;
    private boolean writerWaits;
    private long queuedBytes;
    private long queued;
    private volatile boolean closed;

    // Used by the writer thread alone.
    private ArrayDeque<Object> taken;
    private @Nullable TrackedTask takenTask;
    private int takenNumber;

    /** How many events, and how many bytes, the writer thread is done with. Written by that thread alone. */
    private volatile long written;

    private volatile long writtenBytes;
    private final Object progress = new Object();

    HandoffQueue(int maxSteps, long maxBytes, LossWarnings warnings) {
        this(maxSteps, maxBytes, warnings, 0);
    }

    /** Counts positions from {@code firstPosition} on. */
    HandoffQueue(int maxSteps, long maxBytes, LossWarnings warnings, long firstPosition) {
        this.maxSteps = maxSteps;
        this.maxBytes = maxBytes;
        this.warnings = warnings;
        events = new ArrayDeque<>(maxSteps + RESERVED_EVENTS);
        taken = new ArrayDeque<>(maxSteps + RESERVED_EVENTS);
        queued = firstPosition;
        written = firstPosition;
    }

    /** Opens a task. False if its start does not fit, or the queue is closed: the task then takes no steps. */
    boolean start(TrackedTask task) {
        long bytes = StepData.bytesOf(task.started.description()) + StepData.bytesOf(task.started.metadata());
        synchronized (this) {
            if (closed || !fitsReserved(bytes)) {
                return false;
            }
            try {
                open.add(task);
                put(new TrackerEvent.Started(task, bytes), bytes);
            } catch (OutOfMemoryError e) { // it must not surface in the agent
                open.remove(task);
                return false;
            }
            task.open = true;
            return true;
        }
    }

    /**
     * Queues a step, without its screenshots if they do not fit, or drops and counts it.
     *
     * @return its number, which is used up even if the step is dropped; 0 if the task is not open
     */
    int record(TrackedTask task, @Nullable StepData step) {
        LossReason lost;
        int number;
        synchronized (this) {
            if (!task.open || task.lastNumber == Integer.MAX_VALUE) {
                return 0;
            }
            number = ++task.lastNumber;
            try {
                lost = step == null ? LossReason.INVALID : tryPut(task, number, step);
            } catch (OutOfMemoryError e) { // it must not surface in the agent
                lost = LossReason.QUEUE_FULL;
            }
        }
        if (lost != null) {
            countLoss(task, lost);
        }
        return number;
    }

    private void countLoss(TrackedTask task, LossReason reason) {
        if (reason == LossReason.FRAME_QUEUE_FULL) {
            // Counted by the writer thread, once the step is written without them.
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

    /** Null, or what had to be dropped. */
    private @Nullable LossReason tryPut(TrackedTask task, int number, StepData step) {
        long free = maxBytes - (queuedBytes - writtenBytes);
        if (queued - written >= maxSteps) {
            return LossReason.QUEUE_FULL;
        } else if (step.bytes() <= free) {
            putStep(task, number, step);
            return null;
        } else if (step.bytesWithoutScreenshots() <= free) {
            // A copy: the step itself would keep the memory of its screenshots.
            putStep(task, number, step.withoutScreenshots());
            return LossReason.FRAME_QUEUE_FULL;
        }
        return LossReason.QUEUE_FULL;
    }

    /** Ends a task. False if it was open and its end does not fit; it takes no more steps in any case. */
    boolean end(TrackedTask task, TaskStatus status, Ending ending, @Nullable String message) {
        long bytes = StepData.bytesOf(message);
        synchronized (this) {
            if (!task.open) {
                return true;
            }
            task.open = false;
            open.remove(task);
            lastTask = lastTask == task ? null : lastTask;
            if (!fitsReserved(bytes)) {
                return false;
            }
            try {
                TaskEnded record =
                        new TaskEnded(task.id(), Instant.now(), status, ending, message, task.lastNumber, Map.of());
                put(new TrackerEvent.Ended(task, record, bytes), bytes);
                return true;
            } catch (OutOfMemoryError e) {
                return false;
            }
        }
    }

    private boolean fitsReserved(long bytes) {
        return queued - written < maxSteps + RESERVED_EVENTS
                && bytes <= maxBytes + RESERVED_BYTES - (queuedBytes - writtenBytes);
    }

    private void putStep(TrackedTask task, int number, StepData step) {
        boolean follows = task == lastTask && number == lastNumber + 1;
        put(follows ? step : new TrackerEvent.Recorded(task, number, step), step.bytes());
        lastTask = task;
        lastNumber = number;
    }

    private void put(Object event, long bytes) {
        events.add(event);
        queued++;
        queuedBytes += bytes;
        if (writerWaits) {
            writerWaits = false;
            notifyAll();
        }
    }

    /**
     * Ends the open tasks as cancelled, accepts no more, and lets the writer thread end once everything is written.
     *
     * @return the tasks whose end did not fit
     */
    synchronized List<TrackedTask> close(String message) {
        closed = true;
        List<TrackedTask> lost = List.copyOf(open).stream()
                .filter(task -> !end(task, TaskStatus.CANCELLED, Ending.CANCELLED, message))
                .toList();
        notifyAll();
        return lost;
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Takes the next event, for the writer thread; waits for it. Null after {@code timeout}, or if the queue is closed and
     * empty.
     */
    @Nullable
    TrackerEvent take(Duration timeout) {
        if (taken.isEmpty()) {
            takeQueued(timeout);
        }
        Object next = taken.peek();
        if (next instanceof StepData step && takenTask != null) {
            next = new TrackerEvent.Recorded(takenTask, takenNumber + 1, step);
        }
        if (next instanceof TrackerEvent.Recorded step) {
            takenTask = step.task();
            takenNumber = step.stepNumber();
        } else if (next instanceof TrackerEvent.Ended end && end.task() == takenTask) {
            takenTask = null;
        }
        taken.poll(); // only now: without memory for its event, the step is taken again
        return (TrackerEvent) next;
    }

    private synchronized void takeQueued(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        long left = timeout.toNanos();
        while (events.isEmpty() && !closed && left > 0) {
            writerWaits = true;
            try {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
            } catch (InterruptedException foreign) {
                // An agent's redactor may leave this thread interrupted; only close ends it.
                Thread.interrupted();
            }
            left = deadline - System.nanoTime();
        }
        writerWaits = false;
        ArrayDeque<Object> emptied = taken;
        taken = events;
        events = emptied;
    }

    /** Reports that the writer thread is done with an event: written, or counted as lost. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // only the writer thread writes them
    void done(TrackerEvent event) {
        synchronized (progress) {
            writtenBytes += event.bytes();
            written++;
            progress.notifyAll();
        }
    }

    /** How many events were queued so far: what {@link #awaitWritten} waits for. */
    synchronized long position() {
        return queued;
    }

    /** Whether all events before {@code position} are written or counted as lost. */
    boolean isWritten(long position) {
        return written >= position;
    }

    /** Waits until all events before {@code position} are written or counted as lost; false after {@code timeout}. */
    boolean awaitWritten(long position, Duration timeout) throws InterruptedException {
        long limit = TimeUnit.NANOSECONDS.convert(timeout);
        long start = System.nanoTime();
        synchronized (progress) {
            long left = limit;
            while (!isWritten(position) && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(progress, Math.max(left, 1_000_000));
                left = limit - (System.nanoTime() - start);
            }
        }
        return isWritten(position);
    }

    /** Events that are not written yet. */
    synchronized int size() {
        return (int) Math.max(0, queued - written);
    }

    /** Bytes that are not written yet. */
    synchronized long bytes() {
        return Math.max(0, queuedBytes - writtenBytes);
    }
}
