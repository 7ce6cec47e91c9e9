package dev.steptrail.tracker;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Between the agent's threads and the writer thread: bounded by steps and by bytes of pictures, so that a slow disk costs
 * the agent neither time nor memory. Thread-safe; nobody who offers ever waits.
 */
final class HandoffQueue {
    /** Places beyond the bound for what must not be dropped: starts, ends and flushes. */
    private static final int RESERVE = 256;

    private final BlockingQueue<TrackerEvent> events;
    private final int maxSteps;
    private final long maxPictureBytes;
    private final AtomicLong pictureBytes = new AtomicLong();

    HandoffQueue(int maxSteps, long maxPictureBytes) {
        this.events = new ArrayBlockingQueue<>(maxSteps + RESERVE);
        this.maxSteps = maxSteps;
        this.maxPictureBytes = maxPictureBytes;
    }

    /** Takes a step, or says why not. */
    @Nullable
    DropReason offer(TrackerEvent.Recorded step) {
        long bytes = step.data().pictureBytes;
        if (pictureBytes.addAndGet(bytes) > maxPictureBytes) {
            pictureBytes.addAndGet(-bytes);
            return DropReason.FRAME_QUEUE_FULL;
        }
        if (events.size() >= maxSteps || !events.offer(step)) {
            pictureBytes.addAndGet(-bytes);
            return DropReason.QUEUE_FULL;
        }
        return null;
    }

    /** Takes what is no step; false if even the reserve is used up. */
    boolean offerControl(TrackerEvent event) {
        return events.offer(event);
    }

    /** The next event; null after {@code timeout} without one. */
    @Nullable
    TrackerEvent poll(Duration timeout) throws InterruptedException {
        TrackerEvent event = events.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (event instanceof TrackerEvent.Recorded step) {
            pictureBytes.addAndGet(-step.data().pictureBytes);
        }
        return event;
    }

    int size() {
        return events.size();
    }
}
