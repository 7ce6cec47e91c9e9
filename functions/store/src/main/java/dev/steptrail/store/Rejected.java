package dev.steptrail.store;

/**
 * That something was rejected, now or before.
 *
 * @param fingerprint of its row in rejected_messages
 * @param reason why, without quoting it
 */
public record Rejected(String fingerprint, String reason) {}
