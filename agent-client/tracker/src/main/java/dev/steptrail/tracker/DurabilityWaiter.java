package dev.steptrail.tracker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Blocks the agent's thread until the queued events are written to the outbox, or until a timeout. After a timeout,
 * calls return at once until the writer thread has caught up, so that a hanging disk delays the agent once.
 * Thread-safe.
 */
final class DurabilityWaiter {
    private final HandoffQueue queue;
    private final Duration timeout;
    private final AtomicLong unconfirmed;

    /** The queue position of the last wait that timed out. */
    private volatile long timedOutPosition;

    /** @param unconfirmed incremented for each call that returns before the events are written */
    DurabilityWaiter(HandoffQueue queue, Duration timeout, AtomicLong unconfirmed) {
        this.queue = queue;
        this.timeout = timeout;
        this.unconfirmed = unconfirmed;
    }

    /** Waits, ignoring interrupts. Returns at once if the queue is closed, because the tracker's close() waits. */
    void await() {
        if (queue.isClosed()) {
            return;
        }
        long position = queue.lastPosition();
        if (!queue.isWritten(timedOutPosition)) {
            unconfirmed.incrementAndGet();
        } else if (!isWrittenInTime(position)) {
            timedOutPosition = position;
            unconfirmed.incrementAndGet();
        }
    }

    private boolean isWrittenInTime(long position) {
        long start = System.nanoTime();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return queue.awaitWritten(position, timeout.minusNanos(System.nanoTime() - start));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
