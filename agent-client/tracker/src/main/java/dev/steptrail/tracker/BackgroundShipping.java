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
 * The thread that ships while the agent works, if there is a shipper on the class path: all of it happens there, the look
 * for the shipper and the loading of its classes too. Thread-safe.
 */
final class BackgroundShipping {
    /** How long an interrupted shipper may take to let go before it is left to itself. */
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
                shipper.get().ship(outbox, System.getenv(), finish, known -> stats = known);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) { // whatever it is, it must not end the agent, which may end at any error
            TrackerLog.warn("Nothing is shipped from this process, what is recorded stays in the outbox: " + e);
        }
    }

    /** What the shipper knows; null if there is none, or it does not know yet. */
    @Nullable
    ShippingStats stats() {
        return stats;
    }

    /** Lets the shipper deliver for so long, then stops it; what it has not delivered stays in the outbox. */
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
