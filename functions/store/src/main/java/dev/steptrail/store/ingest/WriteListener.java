package dev.steptrail.store.ingest;

import java.time.Instant;
import java.util.UUID;

/** Is told what became of a batch, once that is committed. */
public interface WriteListener {
    /** Who need not know. */
    WriteListener NONE = new WriteListener() {};

    /**
     * That a step was written now.
     *
     * @param recordedAt its own time, by the clock of the agent's machine
     */
    default void wrote(UUID taskId, Instant recordedAt) {}

    /** That something is rejected, now or since before. */
    default void rejected(Rejected rejected) {}
}
