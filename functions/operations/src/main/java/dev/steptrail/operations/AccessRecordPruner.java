package dev.steptrail.operations;

import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.ShareRepository;
import dev.steptrail.store.jdbc.Database;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Deletes old audit log entries and expired share links. The tables show what remains for the next run. */
final class AccessRecordPruner {
    /** A batch takes well under a second, and running out of time loses at most one batch. */
    private static final int BATCH = 10_000;

    private final AuditLog audit;
    private final ShareRepository shares;
    private final Duration retention;
    private final int batch;

    /** @param retention how long entries, and links after their expiry, are kept; zero keeps them indefinitely */
    AccessRecordPruner(Database database, Duration retention) {
        this(database, retention, BATCH);
    }

    /** @param batch how many rows a statement deletes at most */
    AccessRecordPruner(Database database, Duration retention, int batch) {
        this.audit = new AuditLog(database);
        this.shares = new ShareRepository(database);
        this.retention = retention;
        this.batch = batch;
    }

    Progress run(Supplier<Duration> remaining, @Nullable String resumedAt) {
        if (retention.isZero()) {
            return new Progress(Map.of(), null);
        }
        Map<String, Long> counts =
                new HashMap<>(Map.of("dropped_months", 0L, "deleted_entries", 0L, "deleted_share_links", 0L));
        return new Progress(counts, prune(remaining, counts));
    }

    /** Returns the first item that remains; null if nothing does. */
    private @Nullable String prune(Supplier<Duration> remaining, Map<String, Long> counts) {
        for (String month : audit.findPastMonths(retention)) {
            Duration limit = remaining.get();
            if (limit.toMillis() <= 0 || !audit.dropMonth(month, limit)) {
                return month;
            }
            counts.merge("dropped_months", 1L, Long::sum);
        }
        if (!deleteAll(remaining, counts, "deleted_entries", limit -> audit.deleteOld(retention, batch, limit))) {
            return "rows of the last month";
        }
        boolean isDone = deleteAll(
                remaining, counts, "deleted_share_links", limit -> shares.deleteExpired(retention, batch, limit));
        return isDone ? null : "share links";
    }

    /** Deletes in batches and returns whether nothing remains. */
    private boolean deleteAll(
            Supplier<Duration> remaining,
            Map<String, Long> counts,
            String name,
            Function<Duration, Optional<Integer>> delete) {
        for (Duration limit = remaining.get(); limit.toMillis() > 0; limit = remaining.get()) {
            Optional<Integer> deleted = delete.apply(limit);
            counts.merge(name, (long) deleted.orElse(0), Long::sum);
            if (deleted.isEmpty() || deleted.get() < batch) {
                return deleted.isPresent();
            }
        }
        return false;
    }
}
