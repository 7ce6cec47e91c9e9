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

/** Collects the failures of individual items of a run, so that the run can continue with the other items. */
final class ItemFailures {
    private final Database database;
    private final Map<String, Group> byReason = new LinkedHashMap<>();
    private long count;

    /** Failures with the same reason, which are logged in one line. */
    private record Group(Object first, long count) {}

    ItemFailures(Database database) {
        this.database = database;
    }

    /**
     * Processes one item and isolates its failure.
     *
     * @param item the item's name, for the log
     * @return empty if the item failed and the run can continue
     * @throws RuntimeException if the database or the bucket is unavailable, so that other items would fail as well
     */
    <T> Optional<T> isolate(Object item, Supplier<T> action) {
        try {
            return Optional.of(action.get());
        } catch (RuntimeException e) {
            if (isBucketUnavailable(e)) {
                throw e;
            }
            // Throws if the database is unavailable. A timeout or a corrupt page looks similar, but affects only this
            // item.
            database.check();
            add(item, Failure.describe(e));
            return Optional.empty();
        }
    }

    private static boolean isBucketUnavailable(RuntimeException e) {
        return e instanceof SdkClientException || (e instanceof AwsServiceException error && error.statusCode() >= 500);
    }

    /** @param reason for the log; must not contain content of steps */
    void add(Object item, String reason) {
        count++;
        byReason.merge(reason, new Group(item, 1), (group, added) -> new Group(group.first(), group.count() + 1));
    }

    long count() {
        return count;
    }

    /** Returns descriptions for the log, one per reason. */
    List<String> descriptions() {
        List<String> descriptions = new ArrayList<>();
        byReason.forEach((reason, group) ->
                descriptions.add("%d failed with %s (first: %s)".formatted(group.count(), reason, group.first())));
        return descriptions;
    }
}
