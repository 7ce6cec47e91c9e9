package dev.steptrail.api;

import dev.steptrail.report.TaskView;
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
    private static final int MAX_RECORDED = 10_000;

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
        record(view.reader(), action, Map.of(view.task().taskId(), view.owner()));
    }

    /** Records a read of each of these tasks, as {@link #record(TaskView, String)}, in one statement. */
    void record(String reader, String action, Map<UUID, String> owners) {
        Instant now = clock.instant();
        Map<UUID, String> unrecorded = new LinkedHashMap<>(owners);
        unrecorded.keySet().removeIf(task -> isRecorded(new Read(reader, action, task), now));
        if (!unrecorded.isEmpty()) {
            audit.recordReads(reader, action, unrecorded);
            unrecorded.keySet().forEach(task -> remember(new Read(reader, action, task), now));
        }
    }

    private boolean isRecorded(Read read, Instant now) {
        Instant lastRecorded = recorded.get(read);
        return lastRecorded != null && now.isBefore(lastRecorded.plus(DEDUPLICATION_PERIOD));
    }

    private void remember(Read read, Instant now) {
        recorded.remove(read); // moves it to the end of the insertion order
        recorded.put(read, now);
        if (recorded.size() > MAX_RECORDED) {
            recorded.remove(recorded.keySet().iterator().next());
        }
    }
}
