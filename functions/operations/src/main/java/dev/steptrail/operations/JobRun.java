package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The state of one run of a job: the remaining time, the counters, and the failures of individual items, after which
 * the run can continue with the other items.
 */
final class JobRun {
    /** The counter of failed items. */
    static final String FAILED = "failed";

    private final Supplier<Duration> remaining;
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final Map<String, Group> byReason = new LinkedHashMap<>();

    /** Failures with the same reason, which are logged in one line. */
    private record Group(Object first, long count) {}

    /**
     * @param remaining returns the remaining time
     * @param counters the names of counters that start at 0
     */
    JobRun(Supplier<Duration> remaining, String... counters) {
        this.remaining = remaining;
        for (String counter : counters) {
            counts.put(counter, 0L);
        }
    }

    Duration remaining() {
        return remaining.get();
    }

    boolean isOutOfTime() {
        return remaining.get().isNegative();
    }

    /** Adds to a counter, and returns the increment. */
    long count(String counter, long increment) {
        counts.merge(counter, increment, Long::sum);
        return increment;
    }

    /**
     * Processes batches until nothing remains or time runs out.
     *
     * @param processBatch takes a timeout, and returns whether more items may remain
     * @return false if time ran out
     */
    boolean repeat(Predicate<Duration> processBatch) {
        for (Duration timeout = remaining.get(); timeout.toMillis() > 0; timeout = remaining.get()) {
            if (!processBatch.test(timeout)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Processes one item and isolates its failure.
     *
     * @param database checked after a failure
     * @param item the item's name, for the log
     * @return empty if the item failed and the run can continue
     * @throws RuntimeException if the database or the bucket is unavailable, so that other items would fail as well
     */
    <T> Optional<T> isolate(Database database, Object item, Supplier<T> action) {
        try {
            return Optional.of(action.get());
        } catch (RuntimeException e) {
            if (isBucketUnavailable(e)) {
                throw e;
            }
            // Throws if the database is unavailable. A timeout or a corrupt page looks similar, but affects only this
            // item.
            database.check();
            addFailure(item, Failure.describe(e));
            return Optional.empty();
        }
    }

    private static boolean isBucketUnavailable(RuntimeException e) {
        return e instanceof SdkClientException || (e instanceof AwsServiceException error && error.statusCode() >= 500);
    }

    /** @param reason for the log; must not contain content of steps */
    void addFailure(Object item, String reason) {
        count(FAILED, 1);
        byReason.merge(reason, new Group(item, 1), (group, added) -> new Group(group.first(), group.count() + 1));
    }

    /** @param resumeAt where the next run resumes; null if nothing remains */
    Progress end(@Nullable String resumeAt) {
        List<String> failures = new ArrayList<>();
        byReason.forEach((reason, group) ->
                failures.add("%d failed with %s (first: %s)".formatted(group.count(), reason, group.first())));
        return new Progress(counts, resumeAt, failures);
    }
}
