package dev.steptrail.tracker.shipping;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of the shipper in the agent's process, for all writers of its outbox.
 *
 * @param shippedSteps steps delivered since the shipper started
 * @param outboxBytes size of the outbox on the disk
 * @param oldestUnshipped timestamp of the oldest undelivered step; null if there is none
 */
public record ShippingStats(
        long shippedSteps, long outboxBytes, @Nullable Instant oldestUnshipped) {}
