package dev.steptrail.operations;

import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.ShareRepository;
import dev.steptrail.store.jdbc.Database;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Deletes old entries of the audit log and share links that expired long ago. */
final class PruneAccessRecords {
    private final AuditLog audit;
    private final ShareRepository shares;
    private final Duration retention;

    /** @param retention how long entries are kept, and links after they expired; zero keeps them indefinitely */
    PruneAccessRecords(Database database, Duration retention) {
        this.audit = new AuditLog(database);
        this.shares = new ShareRepository(database);
        this.retention = retention;
    }

    Progress run(Supplier<Duration> remaining, @Nullable String resumeAt) {
        if (retention.isZero()) {
            return new Progress(Map.of(), null);
        }
        long dropped = 0;
        for (String month : audit.findPastMonths(retention)) {
            Duration limit = remaining.get();
            if (limit.toMillis() <= 0 || !audit.dropMonth(month, limit)) {
                return progress(dropped, 0, 0, month);
            }
            dropped++;
        }
        Duration limit = remaining.get();
        if (limit.toMillis() <= 0) {
            return progress(dropped, 0, 0, "rows of the last month");
        }
        return progress(dropped, audit.deleteOld(retention, limit), shares.deleteExpired(retention, limit), null);
    }

    private static Progress progress(long months, long entries, long links, @Nullable String resumeAt) {
        Map<String, Long> counts =
                Map.of("dropped_months", months, "deleted_entries", entries, "deleted_share_links", links);
        return new Progress(counts, resumeAt);
    }
}
