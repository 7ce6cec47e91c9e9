package dev.steptrail.tracker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes the agent's thread wait until what it queued is in the outbox: at most for a timeout, whether interrupted or not, and
 * not at all while the work that an earlier call timed out on is still not done. Thread-safe.
 */
final class Confirmation {
    private final HandoffQueue queue;
    private final Duration timeout;
    private final AtomicLong unconfirmed;

    /** The position that was waited for in vain last. */
    private volatile long timedOutPosition;

    /** Counts in {@code unconfirmed} what was not confirmed in time. */
    Confirmation(HandoffQueue queue, Duration timeout, AtomicLong unconfirmed) {
        this.queue = queue;
        this.timeout = timeout;
        this.unconfirmed = unconfirmed;
    }

    /** Waits, unless the queue is closed: {@link StepTracker#close} waits itself. */
    void await() {
        if (queue.isClosed()) {
            return;
        }
        long position = queue.position();
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
