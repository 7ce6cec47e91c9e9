package dev.steptrail.tracker.shipping;

import dev.steptrail.tracker.internal.outbox.Outbox;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * Service interface of a shipper that runs in the agent's process. A tracker finds it with
 * {@link java.util.ServiceLoader}, so that the tracker does not depend on the shipper.
 */
public interface OutboxShipping {
    /**
     * Ships until {@code finish} opens or the thread is interrupted. Called on a dedicated thread. If settings are
     * missing, the shipper logs one line and returns. While another shipper holds the outbox's lock, this one waits for
     * the lock.
     *
     * @param settings environment variables
     * @param finish opens after the last record was written; the shipper then attempts to deliver the rest once, and
     *     returns
     * @param stats receives the current statistics every few seconds
     */
    void ship(Outbox outbox, Map<String, String> settings, CountDownLatch finish, Consumer<ShippingStats> stats)
            throws InterruptedException;
}
