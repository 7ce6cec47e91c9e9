package dev.steptrail.store.model;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Locks tasks. All writers must lock before they write other rows of a task. */
public final class TaskLocks {
    /**
     * Takes the table lock that an UPDATE takes. A session that creates or drops partitions locks {@code tasks} first,
     * and then the tables of steps and screenshots. Writers must lock in the same order to prevent deadlocks. LOCK
     * TABLE would need a privilege on all columns.
     */
    public static final String LOCK = "UPDATE tasks SET status = status WHERE false";

    private static final String LOCK_TASK = """
            SELECT %s
              FROM tasks
             WHERE task_id = ?
               AND deleted_at IS NULL
               FOR NO KEY UPDATE
            """.formatted(Task.ROW.columns());

    private static final String LOCK_TASKS = """
            SELECT task_id
              FROM tasks
             WHERE task_id = ANY (?)
               AND deleted_at IS NULL
            %s ORDER BY task_id
               FOR NO KEY UPDATE
            """;

    private TaskLocks() {}

    public static void lock(Session session) throws SQLException {
        session.sql(LOCK).update();
    }

    /**
     * Locks a task until the transaction ends. The returned task and later statements of the transaction include all
     * changes that were committed before the lock was granted.
     *
     * @return the locked task; empty if it does not exist or was deleted
     */
    public static Optional<Task> lockTask(Session session, UUID taskId) throws SQLException {
        return session.sql(LOCK_TASK, taskId).first(Task.ROW);
    }

    /**
     * Locks tasks until the transaction ends, in the order of their ids, as all writers of several tasks do.
     *
     * @param owner the owner of the tasks; null for any owner
     * @return the ids of the locked tasks, without those that do not exist, were deleted or have another owner
     */
    public static List<UUID> lockTasks(Session session, Collection<UUID> taskIds, @Nullable String owner)
            throws SQLException {
        Conditions conditions = new Conditions().and("owner = ?", owner);
        return session.sql(LOCK_TASKS.formatted(conditions.sql()), Sql.array("uuid", taskIds), conditions)
                .list(row -> row.getObject("task_id", UUID.class));
    }
}
