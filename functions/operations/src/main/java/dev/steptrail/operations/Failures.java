package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Collects failures of individual items, which must not keep a run from processing the others. */
final class Failures {
    private final Database database;
    private final Map<String, Group> byReason = new LinkedHashMap<>();
    private long count;

    /** Failures with the same reason, which are logged as one line. */
    private record Group(Object first, long count) {}

    Failures(Database database) {
        this.database = database;
    }

    /**
     * Processes one item and isolates its failure.
     *
     * @param what the item's name, for the log
     * @return empty if the item failed and the run can continue
     * @throws RuntimeException if the database or the bucket is unavailable, so that other items would fail as well
     */
    <T> Optional<T> isolate(Object what, Supplier<T> part) {
        try {
            return Optional.of(part.get());
        } catch (RuntimeException e) {
            if (isBucketUnavailable(e)) {
                throw e;
            }
            // An item's statement may fail as if the database were unavailable, for example by a timeout or a corrupt
            // page.
            database.check();
            add(what, Failure.describe(e));
            return Optional.empty();
        }
    }

    private static boolean isBucketUnavailable(RuntimeException e) {
        return e instanceof SdkClientException || (e instanceof AwsServiceException error && error.statusCode() >= 500);
    }

    /** @param reason for the log; must not contain content of steps */
    void add(Object what, String reason) {
        count++;
        byReason.merge(reason, new Group(what, 1), (known, more) -> new Group(known.first(), known.count() + 1));
    }

    long count() {
        return count;
    }

    /** Returns descriptions for the log, one per reason. */
    List<String> descriptions() {
        List<String> descriptions = new ArrayList<>();
        byReason.forEach((reason, group) ->
                descriptions.add("%d failed, the first was %s: %s".formatted(group.count(), group.first(), reason)));
        return descriptions;
    }
}
