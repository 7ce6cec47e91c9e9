package dev.steptrail.store.ingest;

/**
 * What became of a batch.
 *
 * @param steps written now
 * @param duplicates steps that were there already, the same
 * @param conflicts steps that were there already and differ; each is among the rejected
 * @param rejected messages and records put into rejected_messages now
 * @param dropped records of tasks that their owner has deleted
 */
public record WriteResult(int steps, int duplicates, int conflicts, int rejected, int dropped) {
    /** Nothing. */
    public static final WriteResult NONE = new WriteResult(0, 0, 0, 0, 0);

    /** Both together. */
    public WriteResult plus(WriteResult other) {
        return new WriteResult(
                steps + other.steps,
                duplicates + other.duplicates,
                conflicts + other.conflicts,
                rejected + other.rejected,
                dropped + other.dropped);
    }
}
