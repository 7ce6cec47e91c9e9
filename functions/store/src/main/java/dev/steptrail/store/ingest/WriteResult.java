package dev.steptrail.store.ingest;

/**
 * Counts of a batch.
 *
 * @param steps inserted
 * @param duplicates steps that equal a stored one
 * @param conflicts steps that differ from a stored one; they are rejected too
 * @param rejected messages and records inserted into rejected_messages
 * @param dropped records of deleted tasks
 */
public record WriteResult(int steps, int duplicates, int conflicts, int rejected, int dropped) {
    public static final WriteResult NONE = new WriteResult(0, 0, 0, 0, 0);

    public WriteResult plus(WriteResult other) {
        return new WriteResult(
                steps + other.steps,
                duplicates + other.duplicates,
                conflicts + other.conflicts,
                rejected + other.rejected,
                dropped + other.dropped);
    }
}
