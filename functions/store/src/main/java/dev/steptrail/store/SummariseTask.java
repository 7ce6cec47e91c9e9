package dev.steptrail.store;

import dev.steptrail.store.TaskSummary.Durations;
import dev.steptrail.store.TaskSummary.StepError;
import dev.steptrail.store.TaskSummary.StepRange;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** How did the steps of this task go? */
public final class SummariseTask {
    /** A list in a summary ends here. */
    public static final int MAX_LISTED = 1000;

    /** What the messages of errors may take together, in UTF-8: with the task itself they must fit into one answer. */
    static final int MAX_ERROR_BYTES = 1024 * 1024;

    private static final String DURATIONS = """
            SELECT avg(duration_ms)::double precision                          AS mean,
                   percentile_cont(0.50) WITHIN GROUP (ORDER BY duration_ms)   AS p50,
                   percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms)   AS p95,
                   max(duration_ms)                                            AS longest
              FROM task_steps
             WHERE task_id = ?
            """;

    private static final String BY_TYPE = """
            SELECT step_type AS name,
                   count(*)  AS steps
              FROM task_steps
             WHERE task_id = ?
             GROUP BY step_type
             ORDER BY steps DESC, name
             LIMIT 1000
            """;

    /** Names are cut: an action is the agent's own, and may hold anything. */
    private static final String BY_ACTION = """
            SELECT left(coalesce(step_data #>> '{action,action}', step_data #>> '{action,_metadata}'), 100) AS name,
                   count(*)                                                                                 AS steps
              FROM task_steps
             WHERE task_id = ?
               AND coalesce(step_data #>> '{action,action}', step_data #>> '{action,_metadata}') IS NOT NULL
             GROUP BY 1
             ORDER BY steps DESC, name
             LIMIT 1000
            """;

    private static final String ERRORS = """
            SELECT step_number,
                   left(error_message, 2000) AS error_message
              FROM task_steps
             WHERE task_id = ?
               AND (NOT success OR error_message IS NOT NULL)
             ORDER BY step_number
             LIMIT 1000
            """;

    /** The numbers there are, with 0 before them and the one after the last at the end: what lies between two is missing. */
    private static final String MISSING = """
            SELECT before + 1      AS first,
                   step_number - 1 AS last
              FROM (SELECT step_number,
                           lag(step_number, 1, 0::bigint) OVER (ORDER BY step_number) AS before
                      FROM (SELECT step_number::bigint
                              FROM task_steps
                             WHERE task_id = ?
                            UNION ALL
                            SELECT last_step_number::bigint + 1
                              FROM tasks
                             WHERE task_id = ?
                               AND last_step_number IS NOT NULL) AS numbers) AS pairs
             WHERE step_number > before + 1
             ORDER BY first
             LIMIT 1000
            """;

    private final Database database;

    public SummariseTask(Database database) {
        this.database = database;
    }

    /** The summary, all zeros and empty for a task without steps. */
    public TaskSummary of(UUID taskId) {
        return database.read(connection -> new TaskSummary(
                durations(connection, taskId),
                counts(connection, BY_TYPE, taskId),
                counts(connection, BY_ACTION, taskId),
                errors(connection, taskId),
                FindLostScreenshots.in(connection, taskId),
                missing(connection, taskId),
                FindFindings.in(connection, taskId)));
    }

    private static Durations durations(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DURATIONS)) {
            statement.setObject(1, taskId);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return new Durations(
                        rows.getObject("mean", Double.class),
                        rows.getObject("p50", Double.class),
                        rows.getObject("p95", Double.class),
                        rows.getObject("longest", Long.class));
            }
        }
    }

    private static Map<String, Long> counts(Connection connection, String sql, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, taskId);
            Map<String, Long> counts = new LinkedHashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    counts.put(rows.getString("name"), rows.getLong("steps"));
                }
            }
            return counts;
        }
    }

    private static List<StepError> errors(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ERRORS)) {
            statement.setObject(1, taskId);
            List<StepError> errors = new ArrayList<>();
            int bytes = 0;
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String message = rows.getString("error_message");
                    bytes += message == null ? 0 : message.getBytes(StandardCharsets.UTF_8).length;
                    if (bytes > MAX_ERROR_BYTES) {
                        break;
                    }
                    errors.add(new StepError(rows.getInt("step_number"), message));
                }
            }
            return errors;
        }
    }

    private static List<StepRange> missing(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MISSING)) {
            statement.setObject(1, taskId);
            statement.setObject(2, taskId);
            List<StepRange> missing = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    missing.add(new StepRange(rows.getInt("first"), rows.getInt("last")));
                }
            }
            return missing;
        }
    }
}
