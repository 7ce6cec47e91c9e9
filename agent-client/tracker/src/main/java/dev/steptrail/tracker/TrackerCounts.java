package dev.steptrail.tracker;

import dev.steptrail.tracker.internal.outbox.LossCounts;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What a tracker counts over its lifetime. Thread-safe. */
final class TrackerCounts {
    final LossCounts losses = new LossCounts();
    final AtomicLong written = new AtomicLong();
    final AtomicLong withheldTexts = new AtomicLong();
    final AtomicLong unconfirmed = new AtomicLong();
    final AtomicLong lostEnds = new AtomicLong();
    private volatile @Nullable String lastError;

    void setLastError(Throwable error) {
        lastError = error.toString();
    }

    /** The same without allocating a message. */
    void setLastErrorType(Throwable error) {
        lastError = error.getClass().getName();
    }

    @Nullable
    String lastError() {
        return lastError;
    }
}
