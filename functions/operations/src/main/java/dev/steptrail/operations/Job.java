package dev.steptrail.operations;

import java.time.Duration;
import java.util.function.Supplier;

/** Work that is done again and again, in parts of which each stands alone. */
interface Job {
    /** Its name, such as {@code partitions}. */
    String kind();

    /**
     * Does what there is to do now, and what time allows of it.
     *
     * @param remaining how long it may still take; checked before each part
     */
    Progress run(Supplier<Duration> remaining);
}
