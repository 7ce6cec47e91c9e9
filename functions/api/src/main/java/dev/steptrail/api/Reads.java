package dev.steptrail.api;

import dev.steptrail.store.admin.AuditLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Records reads of tasks in the audit log: reader, action and task. The same read within a minute, as by a viewer that follows a running task, is not
 * recorded again. Each instance of the function remembers that by itself.
 */
final class Reads {
    private static final Duration SAME_READ = Duration.ofMinutes(1);
    private static final int MAX_REMEMBERED = 1000;

    private record Read(String reader, String action, UUID taskId) {}

    private final AuditLog audit;
    private final InstantSource clock;

    /** When each was recorded, the oldest first. */
    private final Map<Read, Instant> recorded = new LinkedHashMap<>();

    Reads(AuditLog audit, InstantSource clock) {
        this.audit = audit;
        this.clock = clock;
    }

    /** Records a read before its response is sent. Throws if it cannot be recorded. */
    void record(View view, String action) {
        Read read = new Read(view.reader(), action, view.task().taskId());
        Instant now = clock.instant();
        Instant before = recorded.get(read);
        if (before != null && now.isBefore(before.plus(SAME_READ))) {
            return;
        }
        audit.recordRead(read.reader(), action, view.task());
        recorded.remove(read); // so that it becomes the youngest
        recorded.put(read, now);
        if (recorded.size() > MAX_REMEMBERED) {
            recorded.remove(recorded.keySet().iterator().next());
        }
    }
}
