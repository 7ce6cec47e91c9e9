package dev.steptrail.stepformat;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * An event of a task: one line of an outbox, or one element of a message. {@code FORMAT.md} of this module specifies
 * the fields.
 *
 * <p>Records are immutable and normalized: times are truncated to microseconds, the precision of PostgreSQL, and each
 * JSON value has one Java representation (see {@link JsonValues}). Therefore {@code decode(encode(r)).equals(r)}.
 */
public sealed interface StepRecord permits TaskStarted, Step, Losses, TaskEnded, Verdict {
    /** The only version of the format that this code reads and writes. */
    int VERSION = 1;

    /** The task of this record. The tracker generates UUIDs of version 7. */
    UUID taskId();

    /** The time of the event according to the clock of the recording machine. */
    Instant timestamp();

    /** Fields that this version does not define, in their original order. Encoding preserves them. */
    Map<String, Object> unknown();
}
