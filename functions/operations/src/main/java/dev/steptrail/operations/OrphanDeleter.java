package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.ArchiveKeys;
import dev.steptrail.store.retention.OrphanRepository;
import dev.steptrail.store.retention.OrphanRepository.StoredObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Deletes orphans: objects in the bucket that no row references. These are screenshots and payloads of messages that
 * never arrived or whose task was deleted, and parts of archives that were not recorded. Objects younger than 45 days
 * are kept, because their message may still be in transit. Objects with unknown keys are counted and kept.
 */
final class OrphanDeleter {
    /** Longer than a message can stay in an outbox, the queue and its dead-letter queue together. */
    private static final Duration MAX_TRANSIT = Duration.ofDays(45);

    /** The number of objects that S3 lists per request. */
    private static final int PAGE = 1000;

    private final Database database;
    private final OrphanRepository orphans;
    private final BucketObjects bucket;
    private final Clock clock;
    private final int page;

    OrphanDeleter(Database database, BucketObjects bucket, Clock clock) {
        this(database, bucket, clock, PAGE);
    }

    /** @param page the number of objects per query */
    OrphanDeleter(Database database, BucketObjects bucket, Clock clock, int page) {
        this.database = database;
        this.page = page;
        this.orphans = new OrphanRepository(database);
        this.bucket = bucket;
        this.clock = clock;
    }

    /** Scans the bucket in the order of keys. {@code resumeAt} is the last key that was scanned. */
    Progress run(Supplier<Duration> remaining, @Nullable String resumeAt) {
        Pass pass = new Pass(remaining, clock.instant().minus(MAX_TRANSIT), new Failures(database));
        Map<String, Function<List<S3Object>, List<String>>> folders = new LinkedHashMap<>();
        folders.put(ArchiveKeys.FOLDER, pass::archives);
        folders.put("payloads/", batch -> pass.named(batch, orphans::findPayloads));
        folders.put("screenshots/", batch -> pass.named(batch, orphans::findScreenshots));
        String after = resumeAt;
        for (String folder : folders.keySet()) {
            if (after == null || after.startsWith(folder)) {
                after = pass.scan(folder, after == null ? folder : after, folders.get(folder));
            }
        }
        return new Progress(
                Map.of(
                        "listed_objects", pass.listed,
                        "deleted_objects", pass.deleted,
                        "unknown_keys", pass.unknown,
                        "failed", pass.failures.count()),
                after,
                pass.failures.descriptions());
    }

    /** The state of one run. */
    private final class Pass {
        private final Supplier<Duration> remaining;
        private final Instant oldUntil;
        private final Failures failures;
        private long listed;
        private long deleted;
        private long unknown;

        Pass(Supplier<Duration> remaining, Instant oldUntil, Failures failures) {
            this.remaining = remaining;
            this.oldUntil = oldUntil;
            this.failures = failures;
        }

        /** Scans a folder. Returns the last key that was scanned; null at the end of the folder. */
        @Nullable
        String scan(String folder, String after, Function<List<S3Object>, List<String>> orphans) {
            Iterator<S3Object> objects = bucket.list(folder, after).iterator();
            String done = after;
            while (!remaining.get().isNegative()) {
                List<S3Object> batch = new ArrayList<>(page);
                while (batch.size() < page && objects.hasNext()) {
                    S3Object object = objects.next();
                    done = object.key();
                    batch.add(object);
                }
                listed += batch.size();
                deleted += bucket.delete(orphans.apply(batch).stream(), (key, code) -> failures.add("an object", code));
                if (!objects.hasNext()) {
                    return null;
                }
            }
            return done;
        }

        List<String> named(List<S3Object> batch, Function<Collection<StoredObject>, List<String>> orphans) {
            List<StoredObject> known = new ArrayList<>();
            batch.forEach(object ->
                    StoredObject.of(object.key(), isOld(object)).ifPresentOrElse(known::add, () -> unknown++));
            return orphans.apply(known);
        }

        List<String> archives(List<S3Object> batch) {
            Map<String, UUID> old = new HashMap<>();
            for (S3Object object : batch) {
                Optional<UUID> task = ArchiveKeys.taskOf(object.key());
                if (task.isEmpty()) {
                    unknown++;
                } else if (isOld(object)) {
                    old.put(object.key(), task.get());
                }
            }
            return orphans.findArchives(old);
        }

        private boolean isOld(S3Object object) {
            return object.lastModified().isBefore(oldUntil);
        }
    }
}
