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
 * Deletes orphans: objects in the bucket that no row references. These are screenshots and attachments of messages that
 * never arrived or whose task was deleted, and archive parts that retention did not record. Objects younger than 45
 * days are kept, because their message may still be in transit. Objects with unknown keys are counted and kept.
 */
final class OrphanDeleter {
    /** Longer than the maximum time that a message spends in an outbox, the queue and its dead-letter queue. */
    private static final Duration MAX_TRANSIT_TIME = Duration.ofDays(45);

    /** The number of objects that S3 lists per request. */
    private static final int PAGE_SIZE = 1000;

    private static final String LISTED = "listed_objects";
    private static final String DELETED = "deleted_objects";
    private static final String UNKNOWN = "unknown_keys";

    private final OrphanRepository orphans;
    private final BucketClient bucket;
    private final Clock clock;
    private final int pageSize;

    OrphanDeleter(Database database, BucketClient bucket, Clock clock) {
        this(database, bucket, clock, PAGE_SIZE);
    }

    /** @param pageSize the number of objects per query */
    OrphanDeleter(Database database, BucketClient bucket, Clock clock, int pageSize) {
        this.pageSize = pageSize;
        this.orphans = new OrphanRepository(database);
        this.bucket = bucket;
        this.clock = clock;
    }

    /** Scans folder by folder, in the order of keys. {@code resumeAt} is the last key that was scanned. */
    Progress run(Supplier<Duration> remaining, @Nullable String resumeAt) {
        JobRun run = new JobRun(remaining, LISTED, DELETED, UNKNOWN, JobRun.FAILED);
        Scan scan = new Scan(run, clock.instant().minus(MAX_TRANSIT_TIME));
        Map<String, Function<List<S3Object>, List<String>>> folders = new LinkedHashMap<>();
        folders.put(ArchiveKeys.FOLDER, scan::findArchives);
        folders.put("attachments/", batch -> scan.findObjects(batch, orphans::findAttachments));
        folders.put("screenshots/", batch -> scan.findObjects(batch, orphans::findScreenshots));
        String after = resumeAt; // null if the next folder is scanned from its start
        for (String folder : folders.keySet()) {
            if (after == null || after.startsWith(folder)) {
                after = scan.deleteOrphans(folder, after == null ? folder : after, folders.get(folder));
            }
        }
        return run.end(after);
    }

    /** The scan of one run. */
    private final class Scan {
        private final JobRun run;
        private final Instant maxLastModified;

        /** @param maxLastModified objects that were stored at or after this time are kept */
        Scan(JobRun run, Instant maxLastModified) {
            this.run = run;
            this.maxLastModified = maxLastModified;
        }

        /** Deletes the orphans of a folder. Returns the last key that was scanned; null at the end of the folder. */
        @Nullable
        String deleteOrphans(String folder, String after, Function<List<S3Object>, List<String>> findOrphans) {
            Iterator<S3Object> objects = bucket.list(folder, after).iterator();
            String lastKey = after;
            while (!run.isOutOfTime()) {
                List<S3Object> batch = new ArrayList<>(pageSize);
                while (batch.size() < pageSize && objects.hasNext()) {
                    S3Object object = objects.next();
                    lastKey = object.key();
                    batch.add(object);
                }
                run.count(LISTED, batch.size());
                List<String> keys = findOrphans.apply(batch);
                run.count(DELETED, bucket.delete(keys.stream(), (key, code) -> run.addFailure("an object", code)));
                if (!objects.hasNext()) {
                    return null;
                }
            }
            return lastKey;
        }

        /** Parses the keys of a batch, counts unknown keys, and returns the orphans among the others. */
        List<String> findObjects(List<S3Object> batch, Function<Collection<StoredObject>, List<String>> query) {
            List<StoredObject> parsed = new ArrayList<>();
            batch.forEach(object -> StoredObject.of(object.key(), isOld(object))
                    .ifPresentOrElse(parsed::add, () -> run.count(UNKNOWN, 1)));
            return query.apply(parsed);
        }

        List<String> findArchives(List<S3Object> batch) {
            Map<String, UUID> candidates = new HashMap<>();
            for (S3Object object : batch) {
                Optional<UUID> task = ArchiveKeys.taskOf(object.key());
                if (task.isEmpty()) {
                    run.count(UNKNOWN, 1);
                } else if (isOld(object)) {
                    candidates.put(object.key(), task.get());
                }
            }
            return orphans.findArchives(candidates);
        }

        private boolean isOld(S3Object object) {
            return object.lastModified().isBefore(maxLastModified);
        }
    }
}
