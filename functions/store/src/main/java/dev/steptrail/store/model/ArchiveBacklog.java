package dev.steptrail.store.model;

import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;

/**
 * Maintains {@code task_processing.unarchived_since}: when rows of the task last arrived or were restored; null if the
 * task is exempt from retention ({@code tasks.keep}) or deleted, or all its rows are archived. Retention finds due
 * tasks by an index of this column.
 */
public final class ArchiveBacklog {
    private static final String UPDATE = """
            UPDATE task_processing AS p
               SET unarchived_since =
                       CASE
                           WHEN t.deleted_at IS NULL
                            AND NOT t.keep
                            AND NOT EXISTS (SELECT
                                              FROM archives AS a
                                             WHERE a.task_id = t.task_id
                                               AND a.total_steps = t.total_steps
                                               AND a.state <> 'restored')
                           THEN greatest(t.received_at, t.restored_at)
                       END
              FROM tasks AS t
             WHERE p.task_id = ANY (?)
               AND t.task_id = p.task_id
            """;

    private ArchiveBacklog() {}

    /**
     * Updates the column. Call in the transaction that changes {@code keep} of these tasks, or archives or restores
     * them.
     */
    public static void update(Session session, Collection<UUID> tasks) throws SQLException {
        session.sql(UPDATE, Sql.array("uuid", tasks)).update();
    }
}
