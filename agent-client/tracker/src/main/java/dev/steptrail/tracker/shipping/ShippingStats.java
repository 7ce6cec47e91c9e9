package dev.steptrail.tracker.shipping;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a shipper within the agent's process knows of its outbox, whoever else writes to it.
 *
 * @param shippedSteps steps that it has delivered since it began
 * @param outboxBytes what the outbox takes on the disk
 * @param oldestUnshipped when the oldest step was taken that is not delivered; null if none waits
 */
public record ShippingStats(
        long shippedSteps, long outboxBytes, @Nullable Instant oldestUnshipped) {}
