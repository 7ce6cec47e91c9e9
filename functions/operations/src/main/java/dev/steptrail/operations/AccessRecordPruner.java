package dev.steptrail.operations;

import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.ShareRepository;
import dev.steptrail.store.jdbc.Database;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Deletes expired audit log entries and share links. Ignores {@code resumeAt}: queries find what remains. */
final class AccessRecordPruner {
    /** Small enough that a batch takes well under a second. If time runs out, at most one batch is rolled back. */
    private static final int BATCH_SIZE = 10_000;

    private final AuditLog audit;
    private final ShareRepository shares;
    private final Duration retention;
    private final int batchSize;

    /** @param retention how long entries, and links after their expiry, are kept; zero keeps them indefinitely */
    AccessRecordPruner(Database database, Duration retention) {
        this(database, retention, BATCH_SIZE);
    }

    /** @param batchSize the maximum number of rows that a statement deletes */
    AccessRecordPruner(Database database, Duration retention, int batchSize) {
        this.audit = new AuditLog(database);
        this.shares = new ShareRepository(database);
        this.retention = retention;
        this.batchSize = batchSize;
    }

    Progress run(Supplier<Duration> remaining, @Nullable String resumeAt) {
        if (retention.isZero()) {
            return new Progress(Map.of(), null);
        }
        JobRun run = new JobRun(remaining, "dropped_months", "deleted_entries", "deleted_share_links");
        return run.end(prune(run));
    }

    /** Returns the first item that remains; null if none remains. */
    private @Nullable String prune(JobRun run) {
        for (String month : audit.findExpiredPartitions(retention)) {
            Duration timeout = run.remaining();
            if (timeout.toMillis() <= 0 || !audit.dropPartition(month, timeout)) {
                return month;
            }
            run.count("dropped_months", 1);
        }
        if (!deleteAll(run, "deleted_entries", timeout -> audit.deleteExpired(retention, batchSize, timeout))) {
            return "rows of the last month";
        }
        boolean isDone =
                deleteAll(run, "deleted_share_links", timeout -> shares.deleteExpired(retention, batchSize, timeout));
        return isDone ? null : "share links";
    }

    /** Deletes in batches and returns whether nothing remains. {@code delete} returns empty if it timed out. */
    private boolean deleteAll(JobRun run, String counter, Function<Duration, Optional<Integer>> delete) {
        for (Duration timeout = run.remaining(); timeout.toMillis() > 0; timeout = run.remaining()) {
            Optional<Integer> deleted = delete.apply(timeout);
            run.count(counter, deleted.orElse(0));
            if (deleted.isEmpty() || deleted.get() < batchSize) {
                return deleted.isPresent();
            }
        }
        return false;
    }
}
