package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.TaskFilter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** In which state are these tasks, all together? */
public final class FindTasksState {
    /** Of a task that runs each batch of steps is news: within this time it is none. */
    private static final int NEWS_OF_A_RUNNING_TASK = 300;

    private static final String STATE = """
            SELECT concat_ws('.', count(*),
                             sum(hashtextextended(CASE WHEN status = 'running' THEN concat_ws('|', task_id, status)
                                                       ELSE concat_ws('|', task_id, status, ending, total_steps, conflicts,
                                                                      extract(epoch FROM received_at)) END, 0)),
                             max(floor(extract(epoch FROM received_at) / %d)) FILTER (WHERE status = 'running'))
              FROM tasks
             WHERE deleted_at IS NULL
            %%s""".formatted(NEWS_OF_A_RUNNING_TASK);

    private static final String DELETED = """
            SELECT count(*)
              FROM tasks
             WHERE deleted_at IS NOT NULL
            %s""";

    private final Database database;

    public FindTasksState(Database database) {
        this.database = database;
    }

    /**
     * What is equal as long as nothing has changed; while tasks run, their steps change it once in five minutes.
     *
     * @param news of the tasks that the filter leaves; letters, digits, dots and minus signs
     * @param deleted how many of this owner's tasks were deleted so far, whatever else the filter says: of those nothing else is known
     */
    public record State(String news, long deleted) {}

    /** Of the tasks that the filter leaves now. */
    public State of(TaskFilter filter) {
        return database.read(connection ->
                new State(first(connection, STATE, filter.conditions()), Long.parseLong(deleted(connection, filter))));
    }

    /** As {@link State} has it. */
    public long deleted(TaskFilter filter) {
        return database.readOnce(connection -> Long.parseLong(deleted(connection, filter)));
    }

    private static String deleted(Connection connection, TaskFilter filter) throws SQLException {
        return first(connection, DELETED, new Conditions().and("owner = ?", filter.owner()));
    }

    private static String first(Connection connection, String sql, Conditions conditions) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.formatted(conditions.sql()))) {
            conditions.bind(statement, 1);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }
}
