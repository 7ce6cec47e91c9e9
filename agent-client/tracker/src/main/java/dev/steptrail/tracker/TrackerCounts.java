package dev.steptrail.tracker;

import dev.steptrail.tracker.internal.outbox.LossCounts;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The counters of a tracker. Thread-safe. */
final class TrackerCounts {
    final LossCounts losses = new LossCounts();
    final AtomicLong written = new AtomicLong();
    final AtomicLong withheldTexts = new AtomicLong();
    final AtomicLong unconfirmed = new AtomicLong();
    final AtomicLong lostEnds = new AtomicLong();
    final AtomicLong lostVerdicts = new AtomicLong();
    private volatile @Nullable String lastError;

    void setLastError(Throwable error) {
        lastError = error.toString();
    }

    /** Sets the error to its class name, which allocates no memory. */
    void setLastErrorType(Throwable error) {
        lastError = error.getClass().getName();
    }

    @Nullable
    String lastError() {
        return lastError;
    }
}
