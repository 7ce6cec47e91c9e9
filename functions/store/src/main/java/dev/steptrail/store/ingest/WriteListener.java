package dev.steptrail.store.ingest;

import java.time.Instant;
import java.util.UUID;

/** Receives the results of a batch after its commit. */
public interface WriteListener {
    WriteListener NONE = new WriteListener() {};

    /**
     * A message or record that was rejected.
     *
     * @param fingerprint of its row in rejected_messages
     * @param reason never contains parts of the message
     * @param isNew whether the row was inserted now
     */
    record Rejected(String fingerprint, RejectionCause cause, String reason, boolean isNew) {}

    /**
     * Called for each step that was inserted.
     *
     * @param recordedAt its own time, by the recorder's clock
     */
    default void onWritten(UUID taskId, Instant recordedAt) {}

    /** Called for each rejection, whether or not it is new. */
    default void onRejected(Rejected rejected) {}
}
