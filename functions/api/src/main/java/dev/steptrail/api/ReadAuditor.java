package dev.steptrail.api;

import dev.steptrail.store.admin.AuditLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Records reads of tasks in the audit log: reader, action and task. Records a repeated read at most once a minute,
 * because a viewer polls a running task. Each instance of the Lambda function deduplicates only its own reads.
 */
final class ReadAuditor {
    private static final Duration DEDUPLICATION_PERIOD = Duration.ofMinutes(1);
    private static final int MAX_RECORDED = 1000;

    private record Read(String reader, String action, UUID taskId) {}

    private final AuditLog audit;
    private final InstantSource clock;

    /** The recorded reads and their times, oldest first. */
    private final Map<Read, Instant> recorded = new LinkedHashMap<>();

    ReadAuditor(AuditLog audit, InstantSource clock) {
        this.audit = audit;
        this.clock = clock;
    }

    /** Records a read before its response is sent. Throws an exception if it cannot be recorded. */
    void record(TaskView view, String action) {
        Read read = new Read(view.reader(), action, view.task().taskId());
        Instant now = clock.instant();
        Instant lastRecorded = recorded.get(read);
        if (lastRecorded != null && now.isBefore(lastRecorded.plus(DEDUPLICATION_PERIOD))) {
            return;
        }
        audit.recordRead(read.reader(), action, read.taskId(), view.owner());
        recorded.remove(read); // moves it to the end of the insertion order
        recorded.put(read, now);
        if (recorded.size() > MAX_RECORDED) {
            recorded.remove(recorded.keySet().iterator().next());
        }
    }
}
