package dev.steptrail.tracker;

import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.shipping.OutboxShipping;
import dev.steptrail.tracker.shipping.ShippingStats;
import java.time.Duration;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A daemon thread that runs the shipper from the class path, if there is one, while the agent works. The thread also
 * looks up the shipper and loads its classes, so that the agent does not wait for either. Thread-safe.
 */
final class BackgroundShipping {
    /** How long {@link #close} waits for an interrupted shipper to return. */
    private static final Duration INTERRUPT_TIMEOUT = Duration.ofMillis(500);

    private final Outbox outbox;
    private final CountDownLatch finish = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable ShippingStats stats;

    BackgroundShipping(Outbox outbox) {
        this.outbox = outbox;
        thread = new Thread(this::ship, "steptrail-shipper");
        thread.setDaemon(true);
        thread.start();
    }

    private void ship() {
        try {
            Optional<OutboxShipping> shipper =
                    ServiceLoader.load(OutboxShipping.class).findFirst();
            if (shipper.isPresent()) {
                shipper.get().ship(outbox, System.getenv(), finish, latest -> stats = latest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) { // an uncaught Error could end the agent's process
            TrackerLog.warn("Background shipping stopped; recorded steps stay in the outbox: " + e);
        }
    }

    /** Returns the latest statistics of the shipper; null without a shipper, or before its first report. */
    @Nullable
    ShippingStats stats() {
        return stats;
    }

    /** Waits up to {@code timeout} for the shipper, then interrupts it. Undelivered steps stay in the outbox. */
    void close(Duration timeout) {
        finish.countDown();
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, TimeUnit.NANOSECONDS.convert(timeout));
            if (thread.isAlive()) {
                thread.interrupt();
                TimeUnit.NANOSECONDS.timedJoin(thread, INTERRUPT_TIMEOUT.toNanos());
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
