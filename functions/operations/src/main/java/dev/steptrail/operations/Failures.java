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

/**
 * What of a run failed by itself. A thing that can never be done must not keep the run from all others, in this run and in each
 * that follows.
 */
final class Failures {
    private final Database database;
    private final Map<String, Alike> byReason = new LinkedHashMap<>();
    private long count;

    /** Those of one reason: a thousand of them are one line of the log. */
    private record Alike(Object first, long count) {}

    Failures(Database database) {
        this.database = database;
    }

    /**
     * Does a part of a run that stands alone.
     *
     * @param what its name, for the log
     * @return nothing if it failed, and the run can go on
     * @throws RuntimeException if the database or the bucket are away: then nothing else can be done either
     */
    <T> Optional<T> apart(Object what, Supplier<T> part) {
        try {
            return Optional.of(part.get());
        } catch (RuntimeException e) {
            if (isBucketAway(e)) {
                throw e;
            }
            // A statement of it may have failed as if the database were away: it took too long, or met a broken page.
            database.check();
            add(what, Failure.describe(e));
            return Optional.empty();
        }
    }

    private static boolean isBucketAway(RuntimeException e) {
        return e instanceof SdkClientException
                || (e instanceof AwsServiceException answer && answer.statusCode() >= 500);
    }

    /** @param reason for the log, without content */
    void add(Object what, String reason) {
        count++;
        byReason.merge(reason, new Alike(what, 1), (known, more) -> new Alike(known.first(), known.count() + 1));
    }

    long count() {
        return count;
    }

    /** For the log. */
    List<String> told() {
        List<String> told = new ArrayList<>();
        byReason.forEach((reason, alike) ->
                told.add("%d failed, the first was %s: %s".formatted(alike.count(), alike.first(), reason)));
        return told;
    }
}
