package dev.steptrail.store.judgements;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.model.TaskLocks;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** Statements that the repositories of this package share. {@link #run} locks the task; others need its lock. */
final class TaskChanges {
    /** Maintenance has counted all steps of an archived task, whose rows are deleted. */
    private static final String HAS_STEP = """
            SELECT
             WHERE EXISTS (SELECT FROM task_steps WHERE task_id = ? AND step_number = ?)
                OR EXISTS (SELECT
                             FROM tasks
                             JOIN task_processing USING (task_id)
                            WHERE task_id = ?
                              AND status = 'archived'
                              AND counted_steps @> ?::bigint)
            """;

    /** A trigger also increases the task's revision. */
    private static final String MARK_JUDGED = """
            UPDATE tasks
               SET judged_at = change_time(received_at, judged_at)
             WHERE task_id = ?
            """;

    private TaskChanges() {}

    /**
     * Changes a task in a transaction that holds its lock.
     *
     * @return the result of the change; empty if the task does not exist or was deleted
     */
    static <T> Optional<T> run(Database database, UUID taskId, Session.Work<Optional<T>> change) {
        return database.inTransaction(
                session -> TaskLocks.lockTask(session, taskId).isPresent() ? change.run(session) : Optional.empty());
    }

    /** Returns whether the task has a step with this number, in the database or in its archive. */
    static boolean hasStep(Session session, UUID taskId, int stepNumber) throws SQLException {
        return session.sql(HAS_STEP, taskId, stepNumber, taskId, stepNumber).hasRows();
    }

    static void markJudged(Session session, UUID taskId) throws SQLException {
        session.sql(MARK_JUDGED, taskId).update();
    }
}
