package dev.steptrail.tracker;

/** What a step has survived once {@link TrackedTask#record} has returned. */
public enum Durability {
    /**
     * Nothing yet: it waits for the writer thread, and the agent for nothing. A killed process may lose what the writer
     * thread had not written, milliseconds: the last of its task, which then has no end and is abandoned.
     */
    QUEUED,
    /** The end of the process, however it ends: the record and its pictures are in the outbox's files. */
    WRITTEN,
    /** A power cut: they are forced to the disk. */
    SYNCED
}
