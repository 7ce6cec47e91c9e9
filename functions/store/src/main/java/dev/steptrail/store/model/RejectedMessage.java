package dev.steptrail.store.model;

import dev.steptrail.stepformat.MessageBody;

/**
 * A rejected message, which can be taken again as it is.
 *
 * @param fingerprint equal for what is rejected again for the same reason
 */
public record RejectedMessage(RejectedEntry entry, MessageBody body, String fingerprint) {}
