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
 * Deletes the objects that are queued in {@code objects_to_delete} because their rows were deleted. An object that was
 * stored again since then is kept, because a step that references it was stored or will be. If none is,
 * {@link OrphanDeleter} deletes it later.
 */
final class ObjectPurger {
    private static final int CHUNK = 1000;

    /** The tolerated difference between the clocks of S3 and the database. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final Database database;
    private final ObjectDeletionQueue queue;
    private final BucketObjects bucket;

    ObjectPurger(Database database, BucketObjects bucket) {
        this.database = database;
        this.queue = new ObjectDeletionQueue(database);
        this.bucket = bucket;
    }

    /**
     * Deletes objects and then their rows, so an interrupted run can be repeated safely and the table shows what
     * remains. Each object is attempted once per run. Rows of objects that S3 fails to delete remain for the next run.
     */
    Progress run(Supplier<Duration> remaining, @Nullable String resumedAt) {
        Pass pass = new Pass(remaining, new Failures(database));
        @Nullable String after = null;
        List<Due> page;
        do {
            page = queue.list(after, CHUNK);
            @Nullable Due unfinished = pass.deleteAll(page);
            if (unfinished != null) {
                return pass.progress(unfinished.key());
            }
            after = page.isEmpty() ? null : page.get(page.size() - 1).key();
        } while (page.size() == CHUNK);
        return pass.progress(null);
    }

    /** The state of one run. */
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
                    Map.of("deleted_objects", deleted, "failed", failures.count()), resumeAt, failures.descriptions());
        }

        /** Deletes the objects of a page. Returns the entry at which time ran out; null if it did not. */
        @Nullable
        Due deleteAll(List<Due> page) {
            List<Due> keys = page.stream().filter(due -> !due.isPrefix()).toList();
            if (!keys.isEmpty()) {
                if (isOver()) {
                    return page.get(0);
                }
                Set<String> refused = delete(untouched(keys));
                queue.remove(keys.stream()
                        .filter(due -> !refused.contains(due.key()))
                        .toList());
            }
            for (Due prefix : page) {
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

        /** Deletes objects and returns the keys that S3 failed to delete. */
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

    /** Returns the keys of objects that exist and were not stored again. Lists up to 1000 objects per request. */
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
