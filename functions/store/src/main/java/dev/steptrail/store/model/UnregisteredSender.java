package dev.steptrail.store.model;

import java.time.Instant;

/**
 * A sender whose messages were rejected since it is not registered as an agent.
 *
 * @param messages the number of its messages that wait in {@code rejected_messages}
 */
public record UnregisteredSender(String senderId, long messages, Instant firstRejectedAt, Instant lastRejectedAt) {}
