package dev.steptrail.api;

import dev.steptrail.report.TaskView;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.model.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
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
        Read read = new Read(view.reader(), action, view.task().taskId());
        Instant now = clock.instant();
        if (isRecorded(read, now)) {
            return;
        }
        audit.recordRead(read.reader(), action, read.taskId(), view.owner());
        remember(read, now);
    }

    /** Records a read of each of these tasks, as {@link #record(TaskView, String)}, in one statement. */
    void record(String reader, String action, List<Task> tasks) {
        Instant now = clock.instant();
        List<Task> unrecorded = tasks.stream()
                .filter(task -> !isRecorded(new Read(reader, action, task.taskId()), now))
                .toList();
        if (!unrecorded.isEmpty()) {
            audit.recordReads(reader, action, unrecorded);
            unrecorded.forEach(task -> remember(new Read(reader, action, task.taskId()), now));
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
