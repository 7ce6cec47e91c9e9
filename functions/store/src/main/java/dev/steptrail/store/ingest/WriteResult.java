package dev.steptrail.store.ingest;

/**
 * The counts of a batch.
 *
 * @param steps inserted steps
 * @param duplicates steps that equal the stored step with the same number
 * @param conflicts steps that differ from the stored step with the same number; they are rejected too
 * @param rejected rows inserted into rejected_messages
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
