package dev.steptrail.api;

import dev.steptrail.store.admin.AuditLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Records reads of tasks in the audit log: reader, action and task. A repeated read within one minute is not recorded
 * again, because a viewer polls a running task. Each instance of the function deduplicates on its own.
 */
final class ReadAuditor {
    private static final Duration DEDUPLICATION_PERIOD = Duration.ofMinutes(1);
    private static final int MAX_REMEMBERED = 1000;

    private record Read(String reader, String action, UUID taskId) {}

    private final AuditLog audit;
    private final InstantSource clock;

    /** The time of each record, in insertion order, oldest first. */
    private final Map<Read, Instant> recorded = new LinkedHashMap<>();

    ReadAuditor(AuditLog audit, InstantSource clock) {
        this.audit = audit;
        this.clock = clock;
    }

    /** Records a read before its response is sent. Throws an exception if it cannot be recorded. */
    void record(View view, String action) {
        Read read = new Read(view.reader(), action, view.task().taskId());
        Instant now = clock.instant();
        Instant before = recorded.get(read);
        if (before != null && now.isBefore(before.plus(DEDUPLICATION_PERIOD))) {
            return;
        }
        audit.recordRead(read.reader(), action, view.task());
        recorded.remove(read); // moves it to the end of the insertion order
        recorded.put(read, now);
        if (recorded.size() > MAX_REMEMBERED) {
            recorded.remove(recorded.keySet().iterator().next());
        }
    }
}
