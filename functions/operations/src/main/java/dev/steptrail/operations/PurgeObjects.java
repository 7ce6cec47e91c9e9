package dev.steptrail.operations;

import dev.steptrail.store.Database;
import dev.steptrail.store.FindObjectsToDelete;
import dev.steptrail.store.ForgetObjects;
import dev.steptrail.store.ObjectToDelete;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Deletes the objects whose rows are gone: what stands in {@code objects_to_delete}. */
final class PurgeObjects implements Job {
    private static final int CHUNK = 1000;

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
            List<ObjectToDelete> some = find.some(CHUNK);
            if (some.isEmpty()) {
                return new Progress(Map.of("deleted_objects", deleted), null);
            }
            List<ObjectToDelete> keys = new ArrayList<>();
            List<ObjectToDelete> prefixes = new ArrayList<>();
            some.forEach(object -> (object.isPrefix() ? prefixes : keys).add(object));
            if (isOver(remaining)) {
                return new Progress(
                        Map.of("deleted_objects", deleted), some.get(0).key());
            }
            deleted += bucket.delete(keys.stream().map(ObjectToDelete::key));
            forget.all(keys);
            for (ObjectToDelete prefix : prefixes) {
                deleted += bucket.delete(objects(prefix).takeWhile(key -> !isOver(remaining)));
                if (isOver(remaining)) {
                    return new Progress(Map.of("deleted_objects", deleted), prefix.key());
                }
                forget.all(List.of(prefix));
            }
        }
    }

    private Stream<String> objects(ObjectToDelete prefix) {
        return bucket.list(prefix.key(), null).map(S3Object::key);
    }

    private static boolean isOver(Supplier<Duration> remaining) {
        return remaining.get().isNegative();
    }
}
