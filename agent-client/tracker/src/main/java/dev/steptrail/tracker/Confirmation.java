package dev.steptrail.tracker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Has the agent's thread wait until what it handed over is in the outbox: no longer than a time-out, interrupted or not,
 * and while a time-out's own work is still not done, not at all. Thread-safe.
 */
final class Confirmation {
    private final HandoffQueue queue;
    private final Duration timeout;
    private final AtomicLong missed;

    /** What was waited for in vain last. */
    private volatile int overdue;

    /** Counts in {@code missed} what was not confirmed in time. */
    Confirmation(HandoffQueue queue, Duration timeout, AtomicLong missed) {
        this.queue = queue;
        this.timeout = timeout;
        this.missed = missed;
    }

    /** Waits, unless the queue is closed: close waits itself. */
    void await() {
        if (queue.isClosed()) {
            return;
        }
        int place = queue.place();
        if (!queue.isWritten(overdue)) {
            missed.incrementAndGet();
        } else if (!isWrittenInTime(place)) {
            overdue = place;
            missed.incrementAndGet();
        }
    }

    private boolean isWrittenInTime(int place) {
        long begun = System.nanoTime();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return queue.awaitWritten(place, timeout.minusNanos(System.nanoTime() - begun));
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
