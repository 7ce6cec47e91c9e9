package dev.steptrail.store;

import dev.steptrail.store.TaskSummary.ErrorCause;
import dev.steptrail.store.TaskSummary.KeyScreenshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Which pictures tell most of this task: its first, its last, and that of the first step that went wrong for each cause? */
final class FindKeyScreenshots {
    private static final int MAX_FAILURES = 20;

    private static final String SQL = """
            (SELECT 'first' AS why, step_number, ordinal, role, sensitive
               FROM step_screenshots
              WHERE task_id = ?
              ORDER BY step_number, ordinal
              LIMIT 1)
            UNION ALL
            (SELECT DISTINCT ON (step_number)
                    'failure', step_number, ordinal, role, sensitive
               FROM step_screenshots
              WHERE task_id = ?
                AND step_number = ANY (?)
              ORDER BY step_number, role <> 'before', ordinal)
            UNION ALL
            (SELECT 'last', step_number, ordinal, role, sensitive
               FROM step_screenshots
              WHERE task_id = ?
              ORDER BY step_number DESC, ordinal DESC
              LIMIT 1)
            """;

    private FindKeyScreenshots() {}

    static List<KeyScreenshot> in(Connection connection, UUID taskId, List<ErrorCause> causes) throws SQLException {
        Integer[] failures =
                causes.stream().limit(MAX_FAILURES).map(ErrorCause::firstStep).toArray(Integer[]::new);
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setObject(1, taskId);
            statement.setObject(2, taskId);
            statement.setArray(3, connection.createArrayOf("integer", failures));
            statement.setObject(4, taskId);
            List<KeyScreenshot> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(new KeyScreenshot(
                            rows.getString("why"),
                            rows.getInt("step_number"),
                            rows.getInt("ordinal"),
                            rows.getString("role"),
                            rows.getBoolean("sensitive")));
                }
            }
            return found;
        }
    }
}
