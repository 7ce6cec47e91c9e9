package dev.steptrail.operations;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Work that is done again and again, in parts of which each stands alone. */
interface Job {
    /** Its name, such as {@code partitions}. */
    String kind();

    /** How long it rests after a run that left nothing to do; not at all, if it does not say so. */
    default Duration pause() {
        return Duration.ZERO;
    }

    /**
     * Does what there is to do now, and what time allows of it.
     *
     * @param remaining how long it may still take; checked before each part
     * @param resumeAt where the last run left off, as its {@link Progress} said; null to begin at the beginning
     */
    Progress run(Supplier<Duration> remaining, @Nullable String resumeAt);
}
