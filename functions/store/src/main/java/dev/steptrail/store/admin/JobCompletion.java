package dev.steptrail.store.admin;

import dev.steptrail.store.admin.AuditLog.AuditEntry;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.model.JsonColumn;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Ends a job as done and records it in the audit log, in the transaction of the job's last change. A job that is
 * attempted again after a crash is therefore either done, or its last change is missing too.
 *
 * @param entry the audit log entry to write; null if each change of the job has its own
 */
public record JobCompletion(UUID jobId, @Nullable AuditEntry entry) {
    private static final String COMPLETE = """
            UPDATE jobs
               SET state    = 'done',
                   ended_at = now(),
                   result   = ?::json,
                   progress = CASE WHEN request IS NOT NULL THEN ?::json END
             WHERE job_id = ?
               AND state = 'running'
            """;

    /**
     * Writes the result, and the audit log entry if there is one.
     *
     * @return false if the job was not running
     */
    public boolean write(Session session, Map<String, ?> result) throws SQLException {
        if (entry != null) {
            AuditLog.addInTransaction(session, entry);
        }
        String json = JsonColumn.write(result);
        return session.sql(COMPLETE, json, json, jobId).update() == 1;
    }
}
