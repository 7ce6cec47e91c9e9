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
 * Archives tasks without recent activity and then deletes their rows. Each phase finds its work in the database, where
 * the earlier phases stored their results. A run can therefore be interrupted at any point, and the next run resumes.
 */
final class Retention {
    private static final int PAGE_SIZE = 1000;

    private final Database database;
    private final Duration retention;
    private final ArchiveRepository archives;
    private final TaskArchiver archiver;
    private final ArchivedRowDeleter rows;
    private final PartitionRepository partitions;

    /** @param retention how long tasks are kept after their last activity; zero keeps them indefinitely */
    Retention(Database database, BucketClient bucket, Duration retention) {
        this(database, bucket, retention, new ArchivedRowDeleter(database), new PartitionRepository(database));
    }

    Retention(
            Database database,
            BucketClient bucket,
            Duration retention,
            ArchivedRowDeleter rows,
            PartitionRepository partitions) {
        this.database = database;
        this.retention = retention;
        this.archives = new ArchiveRepository(database);
        this.archiver = new TaskArchiver(database, bucket);
        this.rows = rows;
        this.partitions = partitions;
    }

    /**
     * Runs all phases. Attempts each task and monthly partition once, and continues if one fails. Items that are
     * locked, or for which no time is left, remain for the next run.
     */
    Progress run(Supplier<Duration> remaining, @Nullable String resumeAt) {
        if (retention.isZero()) {
            return new Progress(Map.of(), null);
        }
        Run run = new Run(remaining, new ItemFailures(database));
        run.archive();
        run.deleteRows();
        run.dropMonths();
        return run.progress();
    }

    /** The state of one run. */
    private final class Run {
        private final Supplier<Duration> remaining;
        private final ItemFailures failures;
        private long archived;
        private long deleted;
        private long dropped;
        private long lockedItems;
        private @Nullable String resumeAt;

        Run(Supplier<Duration> remaining, ItemFailures failures) {
            this.remaining = remaining;
            this.failures = failures;
        }

        Progress progress() {
            Optional<ArchiveRepository.Backlog> due =
                    failures.isolate("backlog", () -> archives.measureBacklog(retention));
            Map<String, Long> counts = new LinkedHashMap<>();
            counts.put("archived_tasks", archived);
            counts.put("deleted_tasks", deleted);
            counts.put("dropped_months", dropped);
            counts.put("left", lockedItems);
            counts.put("failed", failures.count());
            due.ifPresent(backlog -> {
                counts.put("due_tasks", backlog.tasks());
                counts.put("due_seconds", backlog.age().toSeconds());
            });
            return new Progress(counts, resumeAt, failures.descriptions());
        }

        void archive() {
            @Nullable UUID last = null;
            List<UUID> page;
            do {
                page = archives.findDue(retention, last, PAGE_SIZE);
                archived += forEachItem(page, archiver::archive, false);
                last = page.isEmpty() ? null : page.get(page.size() - 1);
            } while (page.size() == PAGE_SIZE && resumeAt == null);
        }

        void deleteRows() {
            deleted = forEachItem(
                    archives.findStored(retention), task -> rows.deleteTask(task, retention, remaining.get()), true);
        }

        void dropMonths() {
            dropped = forEachItem(
                    partitions.findToDrop(retention), month -> partitions.dropMonth(month, remaining.get()), true);
        }

        /**
         * Performs an action on each task or month until time runs out.
         *
         * @param action returns false if the item is locked or has changed
         * @param resumeIfLocked whether the job is incomplete if an action returned false
         * @return the number of actions that returned true
         */
        private <T> long forEachItem(List<T> items, Predicate<T> action, boolean resumeIfLocked) {
            long successes = 0;
            for (T item : items) {
                if (remaining.get().toMillis() <= 0) {
                    resumeAt = resumeAt == null ? item.toString() : resumeAt;
                    return successes;
                }
                Optional<Boolean> result = failures.isolate(item, () -> action.test(item));
                successes += result.orElse(false) ? 1 : 0;
                if (resumeIfLocked && !result.orElse(true)) {
                    lockedItems++;
                    resumeAt = resumeAt == null ? item.toString() : resumeAt;
                }
            }
            return successes;
        }
    }
}
