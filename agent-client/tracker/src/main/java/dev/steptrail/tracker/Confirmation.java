package dev.steptrail.tracker;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    private volatile CompletableFuture<Void> overdue = CompletableFuture.completedFuture(null);

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
        CompletableFuture<Void> written = new CompletableFuture<>();
        if (!overdue.isDone() || !queue.offerControl(new TrackerEvent.Flush(written))) {
            missed.incrementAndGet();
        } else if (!isDoneInTime(written)) {
            overdue = written;
            missed.incrementAndGet();
        }
    }

    private boolean isDoneInTime(CompletableFuture<Void> written) {
        return written.thenApply(done -> true)
                .completeOnTimeout(false, TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS)
                .join();
    }
}
