package dev.steptrail.store.query;

import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was found in this task that somebody should look at, and what was learnt from the runs of its text? One statement, since each by itself takes a fifth of the time of a
 * report of a hundred steps.
 */
final class FindFindings {
    /** Limits, since all of it must fit into one answer. A usual path is as long as a report, and told by the insight. */
    private static final String SQL = """
            (SELECT 'found'       AS source,
                    kind,
                    steps[1:1000] AS steps,
                    detail::text  AS figures
               FROM findings
              WHERE task_id = ?
              ORDER BY kind
              LIMIT 100)
            UNION ALL
            SELECT 'learnt',
                   kind,
                   NULL,
                   (figures - 'usual_path')::text
              FROM insights
             WHERE owner = ?
               AND task_text = ?
               AND kind IN ('expectation', 'shorter_path')
            """;

    private FindFindings() {}

    /** @param learnt the figures of what was learnt, by kind */
    record Found(List<TaskSummary.Finding> findings, Map<String, String> learnt) {}

    /** @param text what was asked of the task, or empty: then nothing is learnt from it */
    static Found in(Connection connection, Task task, String text) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setObject(1, task.taskId());
            statement.setString(2, task.owner());
            statement.setString(3, text);
            List<TaskSummary.Finding> findings = new ArrayList<>();
            Map<String, String> learnt = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String kind = rows.getString("kind");
                    String figures = rows.getString("figures");
                    if (rows.getString("source").equals("learnt")) {
                        learnt.put(kind, figures);
                    } else {
                        findings.add(new TaskSummary.Finding(kind, steps(rows.getArray("steps")), figures));
                    }
                }
            }
            return new Found(findings, learnt);
        }
    }

    private static List<Integer> steps(Array array) throws SQLException {
        return List.of((Integer[]) array.getArray());
    }
}
