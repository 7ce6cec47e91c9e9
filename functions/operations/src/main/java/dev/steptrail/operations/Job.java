package dev.steptrail.operations;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A recurring job, whose parts are independent of each other.
 *
 * @param kind its name, such as {@code partitions}
 * @param pause the minimum time between runs after one that completed
 */
record Job(String kind, Duration pause, Work work) {
    Job(String kind, Work work) {
        this(kind, Duration.ZERO, work);
    }

    interface Work {
        /**
         * Does the work that is due, as far as time allows.
         *
         * @param remaining the remaining time; checked before each part
         * @param resumeAt where the last run stopped, from its {@link Progress}; null to start from the beginning
         */
        Progress run(Supplier<Duration> remaining, @Nullable String resumeAt);
    }
}
