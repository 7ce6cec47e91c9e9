package dev.steptrail.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What was found in this task that somebody should look at? */
final class FindFindings {
    /** Limits, since all of it must fit into one answer. */
    private static final String SQL = """
            SELECT kind,
                   steps[1:1000] AS steps,
                   detail::text  AS detail
              FROM findings
             WHERE task_id = ?
             ORDER BY kind, id
             LIMIT 100
            """;

    private FindFindings() {}

    static List<TaskSummary.Finding> in(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setObject(1, taskId);
            List<TaskSummary.Finding> findings = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    findings.add(new TaskSummary.Finding(
                            rows.getString("kind"), steps(rows.getArray("steps")), rows.getString("detail")));
                }
            }
            return findings;
        }
    }

    private static List<Integer> steps(Array array) throws SQLException {
        return List.of((Integer[]) array.getArray());
    }
}
