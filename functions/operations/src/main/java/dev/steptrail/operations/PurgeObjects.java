package dev.steptrail.operations;

import dev.steptrail.store.Database;
import dev.steptrail.store.FindObjectsToDelete;
import dev.steptrail.store.FindObjectsToDelete.Due;
import dev.steptrail.store.ForgetObjects;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
final class PurgeObjects implements Job {
    private static final int CHUNK = 1000;

    /** How far S3's clock and the database's may differ. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final FindObjectsToDelete find;
    private final ForgetObjects forget;
    private final BucketObjects bucket;

    PurgeObjects(Database database, BucketObjects bucket) {
        this.find = new FindObjectsToDelete(database);
        this.forget = new ForgetObjects(database);
        this.bucket = bucket;
    }

    @Override
    public String kind() {
        return "purge";
    }

    /**
     * Objects go first and their rows after, so what was begun and not finished is begun again, which is harmless. What is left
     * in the table shows where to go on.
     */
    @Override
    public Progress run(Supplier<Duration> remaining, @Nullable String resumedAt) {
        long deleted = 0;
        while (true) {
            List<Due> some = find.some(CHUNK);
            if (some.isEmpty()) {
                return new Progress(Map.of("deleted_objects", deleted), null);
            }
            List<Due> keys = new ArrayList<>();
            List<Due> prefixes = new ArrayList<>();
            some.forEach(object -> (object.isPrefix() ? prefixes : keys).add(object));
            if (isOver(remaining)) {
                return new Progress(
                        Map.of("deleted_objects", deleted), some.get(0).key());
            }
            deleted += bucket.delete(untouched(keys));
            forget.all(keys);
            for (Due prefix : prefixes) {
                deleted += bucket.delete(
                        bucket.list(prefix.key(), null).map(S3Object::key).takeWhile(key -> !isOver(remaining)));
                if (isOver(remaining)) {
                    return new Progress(Map.of("deleted_objects", deleted), prefix.key());
                }
                forget.all(List.of(prefix));
            }
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

    private static boolean isOver(Supplier<Duration> remaining) {
        return remaining.get().isNegative();
    }
}
