package dev.steptrail.store.ingest;

import java.time.Instant;
import java.util.UUID;

/** Receives the results of a batch after its commit. */
public interface WriteListener {
    WriteListener NONE = new WriteListener() {};

    /**
     * A message or record that was rejected.
     *
     * @param fingerprint the fingerprint of the row in rejected_messages
     * @param reason never contains parts of the message
     * @param isNew whether this batch inserted the row
     */
    record Rejected(String fingerprint, RejectionCause cause, String reason, boolean isNew) {}

    /**
     * Called for each step that was inserted.
     *
     * @param recordedAt the step's timestamp, by the recorder's clock
     */
    default void onWritten(UUID taskId, Instant recordedAt) {}

    /** Called for each rejection, including those that were stored before. */
    default void onRejected(Rejected rejected) {}
}
