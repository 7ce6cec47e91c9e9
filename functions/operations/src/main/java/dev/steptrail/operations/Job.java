package dev.steptrail.operations;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Work that is done again and again, in parts of which each stands alone.
 *
 * @param kind its name, such as {@code partitions}
 * @param pause how long it rests after a run that left nothing to do
 */
record Job(String kind, Duration pause, Work work) {
    Job(String kind, Work work) {
        this(kind, Duration.ZERO, work);
    }

    interface Work {
        /**
         * Does what there is to do now, and what time allows of it.
         *
         * @param remaining how long it may still take; checked before each part
         * @param resumeAt where the last run left off, as its {@link Progress} said; null to begin at the beginning
         */
        Progress run(Supplier<Duration> remaining, @Nullable String resumeAt);
    }
}
