package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.ArchiveRepository;
import dev.steptrail.store.retention.ArchivedRowDeleter;
import dev.steptrail.store.retention.PartitionRepository;
import dev.steptrail.store.retention.PartitionRepository.Month;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Archives the tasks of which nothing came for long, and then takes their rows away. Each step of it finds by itself what there is
 * to do, by what the steps before have written down: a run that is cut off anywhere loses nothing, and the next one goes on.
 */
final class Retention implements Job {
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

    @Override
    public String kind() {
        return "retention";
    }

    /**
     * What others hold is left for the next run. So is all that comes after, where time runs out. Each task and each month is
     * tried once in a run, and one that fails costs the others only its time.
     */
    @Override
    public Progress run(Supplier<Duration> remaining, @Nullable String resumedAt) {
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
                for (UUID task : page) {
                    if (isOver(task)) {
                        return;
                    }
                    archived += is(failures.apart(task, () -> archive.of(task)));
                    last = task;
                }
            } while (page.size() == PAGE);
        }

        void emptyMonths() {
            for (Month month : partitions.findToEmpty(retention)) {
                if (isOver(month)) {
                    return;
                }
                emptied += is(failures.apart(month, () -> rows.truncateMonth(month, retention, remaining.get())));
            }
        }

        /** Those too of a month that could not be emptied at once. */
        void deleteRows() {
            for (UUID task : archives.findStored(retention)) {
                if (isOver(task)) {
                    return;
                }
                Optional<Boolean> done = failures.apart(task, () -> rows.deleteTask(task, retention, remaining.get()));
                deleted += is(done);
                leaveUnless(done, task);
            }
        }

        void dropMonths() {
            for (Month month : partitions.findToDrop(retention)) {
                if (isOver(month)) {
                    return;
                }
                Optional<Boolean> done = failures.apart(month, () -> partitions.drop(month, remaining.get()));
                dropped += is(done);
                leaveUnless(done, month);
            }
        }

        private boolean isOver(Object next) {
            boolean over = remaining.get().toMillis() <= 0;
            if (over) {
                resumeAt = resumeAt == null ? next.toString() : resumeAt;
            }
            return over;
        }

        private static long is(Optional<Boolean> done) {
            return done.orElse(false) ? 1 : 0;
        }

        /** What failed is not left: it had its turn. */
        private void leaveUnless(Optional<Boolean> done, Object what) {
            if (!done.orElse(true)) {
                left++;
                resumeAt = resumeAt == null ? what.toString() : resumeAt;
            }
        }
    }
}
