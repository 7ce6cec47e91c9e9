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
 * Archives tasks without recent activity and then deletes their rows. Each phase finds its work by what earlier phases
 * have stored. A run can therefore be interrupted at any point, and the next one resumes.
 */
final class Retention {
    private static final int PAGE = 1000;

    private final Database database;
    private final Duration retention;
    private final ArchiveRepository archives;
    private final TaskArchiver archiver;
    private final ArchivedRowDeleter rows;
    private final PartitionRepository partitions;

    /** @param retention how long tasks are kept after their last activity; zero keeps them indefinitely */
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
        this.archiver = new TaskArchiver(database, bucket);
        this.rows = rows;
        this.partitions = partitions;
    }

    /**
     * Runs all phases. Tasks and months that are locked, or for which no time is left, remain for the next run. Each is
     * attempted once per run, and one that fails does not stop the others.
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

    /** The state of one run. */
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
                    failures.isolate("backlog", () -> archives.measureBacklog(retention));
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
            return new Progress(counts, resumeAt, failures.descriptions());
        }

        void archive() {
            @Nullable UUID last = null;
            List<UUID> page;
            do {
                page = archives.findDue(retention, last, PAGE);
                archived += each(page, archiver::archive, false);
                last = page.isEmpty() ? null : page.get(page.size() - 1);
            } while (page.size() == PAGE && resumeAt == null);
        }

        void emptyMonths() {
            emptied = each(
                    partitions.findToEmpty(retention),
                    month -> rows.truncateMonth(month, retention, remaining.get()),
                    false);
        }

        /** Also deletes rows of months that could not be truncated. */
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
         * @param leaves whether an item that is locked makes the next run resume here; a failed one does not
         * @return the number of successes
         */
        private <T> long each(List<T> all, Predicate<T> action, boolean leaves) {
            long done = 0;
            for (T next : all) {
                if (remaining.get().toMillis() <= 0) {
                    resumeAt = resumeAt == null ? next.toString() : resumeAt;
                    return done;
                }
                Optional<Boolean> result = failures.isolate(next, () -> action.test(next));
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
