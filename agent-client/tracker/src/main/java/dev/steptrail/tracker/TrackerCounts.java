package dev.steptrail.tracker;

import dev.steptrail.tracker.shipping.ShippingStats;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What a tracker counts over its life. Thread-safe. */
final class TrackerCounts {
    final DropCounts droppedSteps = new DropCounts();
    final DropCounts droppedScreenshots = new DropCounts();
    final AtomicLong written = new AtomicLong();
    final AtomicLong writtenBytes = new AtomicLong();
    final AtomicLong withheldTexts = new AtomicLong();
    final AtomicLong unconfirmed = new AtomicLong();
    final AtomicLong lostEnds = new AtomicLong();
    private volatile @Nullable String lastError;

    void failed(Throwable error) {
        lastError = error.toString();
    }

    /** The same with no memory to spare. */
    void failedBadly(Throwable error) {
        lastError = error.getClass().getName();
    }

    TrackerStats with(HandoffQueue queue, @Nullable ShippingStats shipping) {
        return new TrackerStats(
                queue.size(),
                queue.pictureBytes(),
                written.get(),
                writtenBytes.get(),
                droppedSteps.byKey(),
                droppedScreenshots.byKey(),
                withheldTexts.get(),
                unconfirmed.get(),
                lostEnds.get(),
                lastError,
                shipping == null ? null : shipping.shippedSteps(),
                shipping == null ? null : shipping.outboxBytes(),
                shipping == null ? null : age(shipping.oldestUnshipped()));
    }

    private static Duration age(@Nullable Instant since) {
        Duration age = since == null ? Duration.ZERO : Duration.between(since, Instant.now());
        return age.isNegative() ? Duration.ZERO : age;
    }
}
