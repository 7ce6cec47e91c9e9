package dev.steptrail.operations;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A recurring job.
 *
 * @param kind the job's name, such as {@code partitions}
 * @param pause the minimum time from the end of a completed run to the next run
 */
record Job(String kind, Duration pause, Work work) {
    Job(String kind, Work work) {
        this(kind, Duration.ZERO, work);
    }

    interface Work {
        /**
         * Does the work that is due, as far as time allows.
         *
         * @param remaining returns the remaining time; called before each item or statement
         * @param resumeAt {@link Progress#resumeAt} of the last run; null to start from the beginning
         */
        Progress run(Supplier<Duration> remaining, @Nullable String resumeAt);
    }
}
