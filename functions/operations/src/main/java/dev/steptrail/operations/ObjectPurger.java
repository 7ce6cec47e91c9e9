package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.ObjectDeletionQueue;
import dev.steptrail.store.retention.ObjectDeletionQueue.QueuedDeletion;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
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
    private static final String DELETED_OBJECTS = "deleted_objects";

    /** The tolerated difference between the clocks of S3 and the database. */
    private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(1);

    private final ObjectDeletionQueue queue;
    private final BucketClient bucket;

    ObjectPurger(Database database, BucketClient bucket) {
        this.queue = new ObjectDeletionQueue(database);
        this.bucket = bucket;
    }

    /**
     * Deletes objects and then their queue entries, so that an interrupted run can be repeated safely. Attempts each
     * object once per run. The entries of objects that S3 fails to delete remain for the next run. An entry with a key
     * that Steptrail does not queue, such as the prefix {@code screenshots/}, counts as failed, is logged and remains.
     */
    Progress run(Supplier<Duration> remaining, @Nullable String resumeAt) {
        JobRun run = new JobRun(remaining, DELETED_OBJECTS, JobRun.FAILED);
        @Nullable String after = null;
        List<QueuedDeletion> page;
        do {
            page = queue.list(after, PAGE_SIZE);
            @Nullable QueuedDeletion unfinished = deleteAll(page, run);
            if (unfinished != null) {
                return run.end(unfinished.key());
            }
            after = page.isEmpty() ? null : page.get(page.size() - 1).key();
        } while (page.size() == PAGE_SIZE);
        return run.end(null);
    }

    /** Deletes the objects of a page. Returns the entry at which time ran out; null if it did not. */
    private @Nullable QueuedDeletion deleteAll(List<QueuedDeletion> page, JobRun run) {
        List<QueuedDeletion> valid =
                page.stream().filter(QueuedDeletion::isDeletable).toList();
        for (int i = valid.size(); i < page.size(); i++) {
            run.addFailure("an entry", "invalid key in objects_to_delete");
        }
        List<QueuedDeletion> objects =
                valid.stream().filter(entry -> !entry.isPrefix()).toList();
        if (!objects.isEmpty()) {
            if (run.isOutOfTime()) {
                return valid.get(0);
            }
            Set<String> failed = delete(keysNotStoredAgain(objects), run);
            queue.remove(objects.stream()
                    .filter(entry -> !failed.contains(entry.key()))
                    .toList());
        }
        for (QueuedDeletion prefix : valid) {
            if (prefix.isPrefix() && !deletePrefix(prefix, run)) {
                return prefix;
            }
        }
        return null;
    }

    /** Deletes all objects with a prefix. Returns false if time ran out. */
    private boolean deletePrefix(QueuedDeletion prefix, JobRun run) {
        if (run.isOutOfTime()) {
            return false;
        }
        Set<String> failed =
                delete(bucket.list(prefix.key(), null).map(S3Object::key).takeWhile(key -> !run.isOutOfTime()), run);
        if (run.isOutOfTime()) {
            return false;
        }
        if (failed.isEmpty()) {
            queue.remove(List.of(prefix));
        }
        return true;
    }

    /** Deletes objects and returns the keys that S3 failed to delete. */
    private Set<String> delete(Stream<String> keys, JobRun run) {
        Set<String> failed = new HashSet<>();
        long deleted = bucket.delete(keys, (key, code) -> {
            failed.add(key);
            run.addFailure("an object", code);
        });
        run.count(DELETED_OBJECTS, deleted);
        return failed;
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
