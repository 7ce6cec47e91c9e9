package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.ArchiveRepository;
import dev.steptrail.store.retention.ArchivedRowDeleter;
import dev.steptrail.store.retention.PartitionRepository;
import java.time.Duration;
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
        Run run = new Run(
                new JobRun(remaining, "archived_tasks", "deleted_tasks", "dropped_months", "left", JobRun.FAILED));
        run.archive();
        run.deleteRows();
        run.dropMonths();
        return run.progress();
    }

    /** The state of one run. */
    private final class Run {
        private final JobRun run;
        private @Nullable String resumeAt;

        Run(JobRun run) {
            this.run = run;
        }

        Progress progress() {
            run.isolate(database, "backlog", () -> archives.measureBacklog(retention))
                    .ifPresent(backlog -> {
                        run.count("due_tasks", backlog.tasks());
                        run.count("due_seconds", backlog.age().toSeconds());
                    });
            return run.end(resumeAt);
        }

        void archive() {
            @Nullable UUID last = null;
            List<UUID> page;
            do {
                page = archives.findDue(retention, last, PAGE_SIZE);
                forEachItem("archived_tasks", page, archiver::archive, false);
                last = page.isEmpty() ? null : page.get(page.size() - 1);
            } while (page.size() == PAGE_SIZE && resumeAt == null);
        }

        void deleteRows() {
            forEachItem(
                    "deleted_tasks",
                    archives.findStored(retention),
                    task -> rows.deleteTask(task, retention, run.remaining()),
                    true);
        }

        void dropMonths() {
            forEachItem(
                    "dropped_months",
                    partitions.findToDrop(retention),
                    month -> partitions.dropMonth(month, run.remaining()),
                    true);
        }

        /**
         * Performs an action on each task or month until time runs out.
         *
         * @param counter counts the actions that returned true
         * @param action returns false if the item is locked or has changed
         * @param resumeIfLocked whether the job is incomplete if an action returned false
         */
        private <T> void forEachItem(String counter, List<T> items, Predicate<T> action, boolean resumeIfLocked) {
            for (T item : items) {
                if (run.remaining().toMillis() <= 0) {
                    resumeAt = resumeAt == null ? item.toString() : resumeAt;
                    return;
                }
                Optional<Boolean> result = run.isolate(database, item, () -> action.test(item));
                run.count(counter, result.orElse(false) ? 1 : 0);
                if (resumeIfLocked && !result.orElse(true)) {
                    run.count("left", 1);
                    resumeAt = resumeAt == null ? item.toString() : resumeAt;
                }
            }
        }
    }
}
