package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.ObjectDeletionQueue;
import dev.steptrail.store.retention.ObjectDeletionQueue.Due;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Deletes the objects whose rows are gone: what stands in {@code objects_to_delete}. An object that was stored again since then
 * belongs to a step that came again, or is on its way, and is left; if it never comes, it is an orphan one day.
 */
final class PurgeObjects {
    private static final int CHUNK = 1000;

    /** How far S3's clock and the database's may differ. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final Database database;
    private final ObjectDeletionQueue queue;
    private final BucketObjects bucket;

    PurgeObjects(Database database, BucketObjects bucket) {
        this.database = database;
        this.queue = new ObjectDeletionQueue(database);
        this.bucket = bucket;
    }

    /**
     * Objects go first and their rows after, so what was begun and not finished is begun again, which is harmless. What is left
     * in the table shows where to go on. Each is tried once in a run: the rows of what S3 does not delete stay for the next.
     */
    Progress run(Supplier<Duration> remaining, @Nullable String resumedAt) {
        Pass pass = new Pass(remaining, new Failures(database));
        @Nullable String after = null;
        List<Due> some;
        do {
            some = queue.list(after, CHUNK);
            @Nullable Due unfinished = pass.through(some);
            if (unfinished != null) {
                return pass.progress(unfinished.key());
            }
            after = some.isEmpty() ? null : some.get(some.size() - 1).key();
        } while (some.size() == CHUNK);
        return pass.progress(null);
    }

    /** One run, as far as it has come. */
    private final class Pass {
        private final Supplier<Duration> remaining;
        private final Failures failures;
        private long deleted;

        Pass(Supplier<Duration> remaining, Failures failures) {
            this.remaining = remaining;
            this.failures = failures;
        }

        Progress progress(@Nullable String resumeAt) {
            return new Progress(
                    Map.of("deleted_objects", deleted, "failed", failures.count()), resumeAt, failures.told());
        }

        /** The one at which time ran out; null if it came through. */
        @Nullable
        Due through(List<Due> some) {
            List<Due> keys = some.stream().filter(due -> !due.isPrefix()).toList();
            if (!keys.isEmpty()) {
                if (isOver()) {
                    return some.get(0);
                }
                Set<String> refused = delete(untouched(keys));
                queue.remove(keys.stream()
                        .filter(due -> !refused.contains(due.key()))
                        .toList());
            }
            for (Due prefix : some) {
                if (prefix.isPrefix() && !isDone(prefix)) {
                    return prefix;
                }
            }
            return null;
        }

        private boolean isDone(Due prefix) {
            if (isOver()) {
                return false;
            }
            Set<String> refused =
                    delete(bucket.list(prefix.key(), null).map(S3Object::key).takeWhile(key -> !isOver()));
            if (isOver()) {
                return false;
            }
            if (refused.isEmpty()) {
                queue.remove(List.of(prefix));
            }
            return true;
        }

        /** Which of them stay, since S3 does not delete them. */
        private Set<String> delete(Stream<String> keys) {
            Set<String> refused = new HashSet<>();
            deleted += bucket.delete(keys, (key, code) -> {
                refused.add(key);
                failures.add("an object", code);
            });
            return refused;
        }

        private boolean isOver() {
            return remaining.get().isNegative();
        }
    }

    /** Those that are there and were not stored again, folder by folder: S3 tells of a thousand in one answer. */
    private Stream<String> untouched(List<Due> keys) {
        return keys.stream().collect(Collectors.groupingBy(due -> folder(due.key()))).entrySet().stream()
                .flatMap(entry -> untouched(entry.getKey(), entry.getValue()));
    }

    private Stream<String> untouched(String folder, List<Due> keys) {
        SortedMap<String, Instant> addedAt = new TreeMap<>();
        keys.forEach(due -> addedAt.put(due.key(), due.addedAt()));
        String first = addedAt.firstKey();
        String last = addedAt.lastKey();
        return bucket.list(folder, first.substring(0, first.length() - 1))
                .takeWhile(object -> object.key().compareTo(last) <= 0)
                .filter(object -> {
                    Instant added = addedAt.get(object.key());
                    return added != null && object.lastModified().isBefore(added.minus(SKEW));
                })
                .map(S3Object::key);
    }

    private static String folder(String key) {
        return key.substring(0, key.lastIndexOf('/') + 1);
    }
}
