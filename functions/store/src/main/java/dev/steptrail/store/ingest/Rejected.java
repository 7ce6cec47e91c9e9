package dev.steptrail.store.ingest;

import dev.steptrail.store.model.RejectionCause;

/**
 * That something was rejected, now or before.
 *
 * @param fingerprint of its row in rejected_messages
 * @param cause why, to count by
 * @param reason why, without quoting it
 * @param isNew whether it is among the rejected only now
 */
public record Rejected(String fingerprint, RejectionCause cause, String reason, boolean isNew) {}
