package dev.steptrail.tracker.shipping;

import dev.steptrail.tracker.internal.outbox.Outbox;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * Ships an outbox from within the agent's process. A tracker looks for one by {@link java.util.ServiceLoader}, so that the
 * shipper's jar on the class path is all that it takes, and the tracker knows nothing of where it ships to.
 */
public interface OutboxShipping {
    /**
     * Ships until it is finished or its thread is interrupted; called on a thread of its own.
     * Where the settings are missing it says so in one line of the log and returns. While another shipper holds the outbox
     * it stands by, and takes over when that one goes.
     *
     * @param settings environment variables
     * @param finish opens when there is nothing more to come: what is there is to be shipped once more, as far as that can
     *     be, and then this returns
     * @param stats takes what it knows, every few seconds
     */
    void ship(Outbox outbox, Map<String, String> settings, CountDownLatch finish, Consumer<ShippingStats> stats)
            throws InterruptedException;
}
