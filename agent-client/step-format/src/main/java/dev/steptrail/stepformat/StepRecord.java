package dev.steptrail.stepformat;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * One line of an outbox, one element of a message: something that happened in a task. Version 1 of the step format, which
 * the README of this module describes field by field.
 *
 * <p>Records are immutable and normal: times are cut to microseconds (what Postgres keeps), and JSON values have one Java
 * form each (see {@link JsonValues}), so {@code decode(encode(r)).equals(r)}.
 */
public sealed interface StepRecord permits TaskStarted, Step, Losses, TaskEnded {
    /** The version of the format that this code writes and the only one that it reads. */
    int VERSION = 1;

    /** The task that this belongs to; a UUID of version 7 where the tracker made it. */
    UUID taskId();

    /** When it happened, by the clock of the machine that recorded it. */
    Instant timestamp();

    /** Fields that this version does not know, in the order in which they came. They are kept and written again. */
    Map<String, Object> unknown();
}
