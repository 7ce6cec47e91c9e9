package dev.steptrail.tracker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Between the agent's threads and the writer thread: bounded by steps and by bytes of pictures, so that a slow disk costs
 * the agent neither time nor memory. Any number of threads may offer, and none of them ever waits; one alone may poll.
 */
final class HandoffQueue {
    /** Places beyond the bound for what must not be dropped: starts, ends and flushes. */
    private static final int RESERVE = 256;

    /** So long the writer thread lets work gather before it asks to be woken: to wake it costs an agent microseconds. */
    private static final Duration NAP = Duration.ofMillis(1);

    private final MpscAtomicArrayQueue<TrackerEvent> events;
    private final int maxSteps;
    private final long maxPictureBytes;
    private final AtomicLong pictureBytes = new AtomicLong();
    private final String picturesDropped;
    private final String stepsDropped;
    private final DropWarning warning = new DropWarning("What waited is written: nothing is dropped any more");

    private volatile @Nullable Thread consumer;
    private volatile boolean asleep;
    private volatile boolean closed;

    HandoffQueue(int maxSteps, long maxPictureBytes) {
        this.events = new MpscAtomicArrayQueue<>(maxSteps + RESERVE);
        this.maxSteps = maxSteps;
        this.maxPictureBytes = maxPictureBytes;
        this.picturesDropped = "Pictures are being dropped: more than " + maxPictureBytes + " bytes of them would wait";
        this.stepsDropped = "Steps are being dropped: " + maxSteps + " of them wait to be written";
    }

    /** Takes a step, without its pictures where these are too many, or drops and counts it. */
    void offer(OpenTask task, int stepNumber, StepData step) {
        StepData kept = step;
        if (step.pictureBytes > 0 && !reserve(step.pictureBytes)) {
            kept = step.withoutPictures();
            warning.began(picturesDropped);
        }
        int refused = step.screens.size() - kept.screens.size();
        if (!events.offerIfBelowThreshold(new TrackerEvent.Recorded(task, stepNumber, kept, refused), maxSteps)) {
            release(kept.pictureBytes);
            task.droppedSteps.add(DropReason.QUEUE_FULL);
            warning.began(stepsDropped);
        } else if (asleep) {
            // The offer moved an index, which the consumer looks at after it has said that it sleeps: none is
            // overlooked.
            asleep = false;
            LockSupport.unpark(consumer);
        }
    }

    /** Takes what is no step, and wakes the writer thread; false if even the reserve is used up. */
    boolean offerControl(TrackerEvent event) {
        boolean taken = events.offer(event);
        LockSupport.unpark(consumer);
        return taken;
    }

    /** Lets nobody wait for more. */
    void close() {
        closed = true;
        LockSupport.unpark(consumer);
    }

    boolean isClosed() {
        return closed;
    }

    /** The next event; null if there is none for {@code timeout}, or, once this is closed, at all. */
    @Nullable
    TrackerEvent poll(Duration timeout) {
        TrackerEvent event = events.poll();
        if (event == null) {
            warning.ended();
            await(timeout);
            event = events.poll();
        }
        if (event instanceof TrackerEvent.Recorded step) {
            release(step.data().pictureBytes);
        }
        return event;
    }

    private void await(Duration timeout) {
        consumer = Thread.currentThread();
        if (isIdle()) {
            LockSupport.parkNanos(this, NAP.toNanos());
        }
        asleep = true;
        if (isIdle()) {
            LockSupport.parkNanos(this, timeout.toNanos());
        }
        asleep = false;
        // A thread that stays interrupted cannot sleep; to end this one is for close alone.
        Thread.interrupted();
    }

    private boolean isIdle() {
        return events.isEmpty() && !closed;
    }

    int size() {
        return events.size();
    }

    long pictureBytes() {
        return pictureBytes.get();
    }

    private boolean reserve(long bytes) {
        long before = pictureBytes.get();
        while (bytes <= maxPictureBytes - before) {
            long found = pictureBytes.compareAndExchange(before, before + bytes);
            if (found == before) {
                return true;
            }
            before = found;
        }
        return false;
    }

    private void release(long bytes) {
        if (bytes > 0) {
            pictureBytes.addAndGet(-bytes);
        }
    }
}
