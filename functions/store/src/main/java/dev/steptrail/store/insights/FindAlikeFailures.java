package dev.steptrail.store.insights;

import dev.steptrail.insights.Insight;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Which of an owner's latest 10,000 failures are alike, whatever was asked: at least two, whose last errors differ by numbers, ids and quoted names at most? */
final class FindAlikeFailures {
    private static final String SQL = """
            WITH failures AS (
                SELECT d.task_id,
                       d.error
                  FROM run_digests AS d
                  JOIN tasks AS t USING (task_id)
                 WHERE d.owner = ?
                   AND coalesce(t.archived_status, t.status) IN ('failed', 'abandoned')
                 ORDER BY d.task_id DESC
                 LIMIT 10000
            )
            SELECT error,
                   count(*)                                          AS runs,
                   (SELECT count(*) FROM failures)                   AS failures,
                   (array_agg(task_id ORDER BY task_id DESC))[1:100] AS newest
              FROM failures
             WHERE error IS NOT NULL
             GROUP BY error
            HAVING count(*) >= 2
             ORDER BY count(*) DESC, error
             LIMIT 100
            """;

    private FindAlikeFailures() {}

    static List<Insight> in(Connection connection, String owner) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, owner);
            List<Insight> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(new Insight(
                            "failures_alike",
                            List.of((UUID[]) rows.getArray("newest").getArray()),
                            List.of(),
                            Map.of(
                                    "error", rows.getString("error"),
                                    "runs", rows.getLong("runs"),
                                    "failures", rows.getLong("failures"))));
                }
            }
            return found;
        }
    }
}
