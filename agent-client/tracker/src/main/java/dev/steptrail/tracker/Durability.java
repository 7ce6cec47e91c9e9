package dev.steptrail.tracker;

/** Which failures a step survives once {@link TrackedTask#record} has returned. */
public enum Durability {
    /**
     * None: the step is queued for the writer thread, and the agent does not wait. A killed process may lose the last
     * milliseconds of its open tasks, which then have no end and become {@code abandoned}.
     */
    QUEUED,
    /** A killed process: the record and its screenshots are written to the outbox's files. */
    WRITTEN,
    /** A power cut: the files are also forced to the disk. */
    SYNCED
}
