package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.ObjectDeletionQueue;
import dev.steptrail.store.retention.ObjectDeletionQueue.QueuedDeletion;
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
 * stored again later is kept, because a stored or future step probably references it. Otherwise {@link OrphanDeleter}
 * deletes it later.
 */
final class ObjectPurger {
    private static final int PAGE_SIZE = 1000;

    /** The tolerated difference between the clocks of S3 and the database. */
    private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(1);

    private final Database database;
    private final ObjectDeletionQueue queue;
    private final BucketClient bucket;

    ObjectPurger(Database database, BucketClient bucket) {
        this.database = database;
        this.queue = new ObjectDeletionQueue(database);
        this.bucket = bucket;
    }

    /**
     * Deletes objects and then their queue entries, so that an interrupted run can be repeated safely. Attempts each
     * object once per run. The entries of objects that S3 fails to delete remain for the next run. An entry with a key
     * that Steptrail does not queue, such as the prefix {@code screenshots/}, counts as failed, is logged and remains.
     */
    Progress run(Supplier<Duration> remaining, @Nullable String resumeAt) {
        PurgeRun run = new PurgeRun(remaining, new ItemFailures(database));
        @Nullable String after = null;
        List<QueuedDeletion> page;
        do {
            page = queue.list(after, PAGE_SIZE);
            @Nullable QueuedDeletion unfinished = run.deleteAll(page);
            if (unfinished != null) {
                return run.progress(unfinished.key());
            }
            after = page.isEmpty() ? null : page.get(page.size() - 1).key();
        } while (page.size() == PAGE_SIZE);
        return run.progress(null);
    }

    /** The state of one run. */
    private final class PurgeRun {
        private final Supplier<Duration> remaining;
        private final ItemFailures failures;
        private long deleted;

        PurgeRun(Supplier<Duration> remaining, ItemFailures failures) {
            this.remaining = remaining;
            this.failures = failures;
        }

        Progress progress(@Nullable String resumeAt) {
            return new Progress(
                    Map.of("deleted_objects", deleted, "failed", failures.count()), resumeAt, failures.descriptions());
        }

        /** Deletes the objects of a page. Returns the entry at which time ran out; null if it did not. */
        @Nullable
        QueuedDeletion deleteAll(List<QueuedDeletion> page) {
            List<QueuedDeletion> valid =
                    page.stream().filter(QueuedDeletion::isDeletable).toList();
            for (int i = valid.size(); i < page.size(); i++) {
                failures.add("an entry", "invalid key in objects_to_delete");
            }
            return deleteValid(valid);
        }

        private @Nullable QueuedDeletion deleteValid(List<QueuedDeletion> page) {
            List<QueuedDeletion> objects =
                    page.stream().filter(entry -> !entry.isPrefix()).toList();
            if (!objects.isEmpty()) {
                if (isOutOfTime()) {
                    return page.get(0);
                }
                Set<String> failed = delete(keysNotStoredAgain(objects));
                queue.remove(objects.stream()
                        .filter(entry -> !failed.contains(entry.key()))
                        .toList());
            }
            for (QueuedDeletion prefix : page) {
                if (prefix.isPrefix() && !deletePrefix(prefix)) {
                    return prefix;
                }
            }
            return null;
        }

        /** Deletes all objects with a prefix. Returns false if time ran out. */
        private boolean deletePrefix(QueuedDeletion prefix) {
            if (isOutOfTime()) {
                return false;
            }
            Set<String> failed =
                    delete(bucket.list(prefix.key(), null).map(S3Object::key).takeWhile(key -> !isOutOfTime()));
            if (isOutOfTime()) {
                return false;
            }
            if (failed.isEmpty()) {
                queue.remove(List.of(prefix));
            }
            return true;
        }

        /** Deletes objects and returns the keys that S3 failed to delete. */
        private Set<String> delete(Stream<String> keys) {
            Set<String> failed = new HashSet<>();
            deleted += bucket.delete(keys, (key, code) -> {
                failed.add(key);
                failures.add("an object", code);
            });
            return failed;
        }

        private boolean isOutOfTime() {
            return remaining.get().isNegative();
        }
    }

    /** Returns the keys of objects that exist and were not stored again. Lists up to 1000 objects per request. */
    private Stream<String> keysNotStoredAgain(List<QueuedDeletion> objects) {
        return objects.stream().collect(Collectors.groupingBy(entry -> folder(entry.key()))).entrySet().stream()
                .flatMap(group -> keysNotStoredAgain(group.getKey(), group.getValue()));
    }

    private Stream<String> keysNotStoredAgain(String folder, List<QueuedDeletion> objects) {
        SortedMap<String, Instant> addedAt = new TreeMap<>();
        objects.forEach(entry -> addedAt.put(entry.key(), entry.addedAt()));
        String first = addedAt.firstKey();
        String last = addedAt.lastKey();
        return bucket.list(folder, first.substring(0, first.length() - 1)) // starts before the first key
                .takeWhile(object -> object.key().compareTo(last) <= 0)
                .filter(object -> {
                    Instant added = addedAt.get(object.key());
                    return added != null && object.lastModified().isBefore(added.minus(MAX_CLOCK_SKEW));
                })
                .map(S3Object::key);
    }

    private static String folder(String key) {
        return key.substring(0, key.lastIndexOf('/') + 1);
    }
}
