package dev.steptrail.store.admin;

import dev.steptrail.store.jdbc.Columns;
import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskFilter;
import java.sql.PreparedStatement;
import java.util.List;

/** Writes down that somebody read of many tasks, a row each. */
public final class RecordTasksRead {
    private static final String THESE = """
            INSERT INTO audit_log (caller, action, task_id, task_owner)
            SELECT ?, ?, t.task_id, t.owner
              FROM unnest(?::uuid[], ?::text[]) AS t (task_id, owner)
            """;

    /** But for what this caller did within the last minute: that is the same read still. */
    private static final String MATCHING = """
            INSERT INTO audit_log (caller, action, task_id, task_owner)
            SELECT ?, ?, task_id, owner
              FROM tasks
             WHERE deleted_at IS NULL
               AND NOT EXISTS (
                       SELECT 1
                         FROM audit_log AS a
                        WHERE a.task_id = tasks.task_id
                          AND a.caller  = ?
                          AND a.action  = ?
                          AND a.at > now() - interval '1 minute')
            %s""";

    private final Database database;

    public RecordTasksRead(Database database) {
        this.database = database;
    }

    /**
     * Of these tasks.
     *
     * @param caller the subject of their token
     * @param action such as {@code read_export}
     */
    public void of(String caller, String action, List<Task> tasks) {
        database.once(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(THESE)) {
                statement.setString(1, caller);
                statement.setString(2, action);
                Columns<Task> columns = new Columns<>(statement, 3, tasks);
                columns.set("uuid", Task::taskId);
                columns.set("text", Task::owner);
                return statement.executeUpdate();
            }
        });
    }

    /** Of the tasks that the filter leaves now, once a minute. */
    public void matching(String caller, String action, TaskFilter filter) {
        Conditions conditions = filter.conditions();
        database.once(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(MATCHING.formatted(conditions.sql()))) {
                statement.setString(1, caller);
                statement.setString(2, action);
                statement.setString(3, caller);
                statement.setString(4, action);
                conditions.bind(statement, 5);
                return statement.executeUpdate();
            }
        });
    }
}
