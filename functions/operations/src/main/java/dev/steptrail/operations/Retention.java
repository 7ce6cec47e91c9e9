package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.ArchiveRepository;
import dev.steptrail.store.retention.ArchivedRowDeleter;
import dev.steptrail.store.retention.PartitionRepository;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Archives the tasks of which nothing came for long, and then takes their rows away. Each step of it finds by itself what there is
 * to do, by what the steps before have written down: a run that is cut off anywhere loses nothing, and the next one goes on.
 */
final class Retention {
    private static final int PAGE = 1000;

    private final Database database;
    private final Duration retention;
    private final ArchiveRepository archives;
    private final ArchiveTask archive;
    private final ArchivedRowDeleter rows;
    private final PartitionRepository partitions;

    /** @param retention how long tasks are kept after the last news of them; zero: for ever */
    Retention(Database database, BucketObjects bucket, Duration retention) {
        this(database, bucket, retention, new ArchivedRowDeleter(database), new PartitionRepository(database));
    }

    Retention(
            Database database,
            BucketObjects bucket,
            Duration retention,
            ArchivedRowDeleter rows,
            PartitionRepository partitions) {
        this.database = database;
        this.retention = retention;
        this.archives = new ArchiveRepository(database);
        this.archive = new ArchiveTask(database, bucket);
        this.rows = rows;
        this.partitions = partitions;
    }

    /**
     * What others hold is left for the next run. So is all that comes after, where time runs out. Each task and each month is
     * tried once in a run, and one that fails costs the others only its time.
     */
    Progress run(Supplier<Duration> remaining, @Nullable String resumedAt) {
        if (retention.isZero()) {
            return new Progress(Map.of(), null);
        }
        Run run = new Run(remaining, new Failures(database));
        run.archive();
        run.emptyMonths();
        run.deleteRows();
        run.dropMonths();
        return run.progress();
    }

    /** One run, and what it did so far. */
    private final class Run {
        private final Supplier<Duration> remaining;
        private final Failures failures;
        private long archived;
        private long emptied;
        private long deleted;
        private long dropped;
        private long left;
        private @Nullable String resumeAt;

        Run(Supplier<Duration> remaining, Failures failures) {
            this.remaining = remaining;
            this.failures = failures;
        }

        Progress progress() {
            Optional<ArchiveRepository.Backlog> due =
                    failures.apart("backlog", () -> archives.measureBacklog(retention));
            Map<String, Long> counts = new LinkedHashMap<>();
            counts.put("archived_tasks", archived);
            counts.put("emptied_months", emptied);
            counts.put("deleted_tasks", deleted);
            counts.put("dropped_months", dropped);
            counts.put("left", left);
            counts.put("failed", failures.count());
            due.ifPresent(backlog -> {
                counts.put("due_tasks", backlog.tasks());
                counts.put("due_seconds", backlog.age().toSeconds());
            });
            return new Progress(counts, resumeAt, failures.told());
        }

        void archive() {
            @Nullable UUID last = null;
            List<UUID> page;
            do {
                page = archives.findDue(retention, last, PAGE);
                archived += each(page, archive::of, false);
                last = page.isEmpty() ? null : page.get(page.size() - 1);
            } while (page.size() == PAGE && resumeAt == null);
        }

        void emptyMonths() {
            emptied = each(
                    partitions.findToEmpty(retention),
                    month -> rows.truncateMonth(month, retention, remaining.get()),
                    false);
        }

        /** Those too of a month that could not be emptied at once. */
        void deleteRows() {
            deleted = each(
                    archives.findStored(retention), task -> rows.deleteTask(task, retention, remaining.get()), true);
        }

        void dropMonths() {
            dropped = each(partitions.findToDrop(retention), month -> partitions.drop(month, remaining.get()), true);
        }

        /**
         * Tries an action with each task or month until time runs out.
         *
         * @param leaves whether one that others hold is left for the next run; one that failed is not: it had its turn
         * @return how many were done
         */
        private <T> long each(List<T> all, Predicate<T> action, boolean leaves) {
            long done = 0;
            for (T next : all) {
                if (remaining.get().toMillis() <= 0) {
                    resumeAt = resumeAt == null ? next.toString() : resumeAt;
                    return done;
                }
                Optional<Boolean> result = failures.apart(next, () -> action.test(next));
                done += result.orElse(false) ? 1 : 0;
                if (leaves && !result.orElse(true)) {
                    left++;
                    resumeAt = resumeAt == null ? next.toString() : resumeAt;
                }
            }
            return done;
        }
    }
}
