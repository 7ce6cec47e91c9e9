package dev.steptrail.store.insights;

import dev.steptrail.insights.RunDigest;
import dev.steptrail.insights.RunDigest.LastScreen;
import dev.steptrail.insights.TextRules;
import dev.steptrail.store.model.StepColumns;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What do the digests of an owner's latest runs say, at most {@value TextRules#MOST_RUNS}? To be asked in a transaction. */
final class ReadDigests {
    /** Of those that run or were cancelled nobody can tell how they went. */
    private static final String SQL = """
            SELECT d.task_id,
                   d.task_text,
                   d.error,
                   d.last_screen,
                   d.last_screen_step,
                   %s AS path,
                   t.started_at,
                   left(t.model, 80)                               AS model,
                   left(t.metadata ->> 'app_version', 80)          AS app_version,
                   CASE coalesce(t.archived_status, t.status)
                       WHEN 'succeeded' THEN true
                       WHEN 'failed'    THEN false
                       WHEN 'abandoned' THEN false
                   END                                             AS succeeded,
                   CASE
                       WHEN t.ended_at >= t.started_at
                       THEN (extract(epoch FROM t.ended_at - t.started_at) * 1000)::bigint
                   END                                             AS duration_ms,
                   t.dropped_steps = 0
                   AND t.total_steps >= coalesce(t.last_step_number, 0) AS is_whole
              FROM run_digests AS d
              JOIN tasks AS t USING (task_id)
             WHERE d.owner = ?
               AND t.deleted_at IS NULL
               AND %s
             ORDER BY d.task_id DESC
             LIMIT ?
            """;

    private static final String PATH = "d.path::text";
    private static final String OF_TEXT = SQL.formatted(PATH, "d.task_text = ?");
    private static final String LATEST = SQL.formatted(PATH, "true");

    /** Without their paths, which are most of a digest. */
    private static final String FAILURES =
            SQL.formatted("'[]'", "coalesce(t.archived_status, t.status) IN ('failed', 'abandoned')");

    /** So that the rows are not all in memory beside what is read from them. */
    private static final int ROWS_AT_ONCE = 50;

    private ReadDigests() {}

    /** Those of this text. */
    static List<RunDigest> ofText(Connection connection, String owner, String text) throws SQLException {
        return read(connection, OF_TEXT, owner, text);
    }

    /** Those of any text. */
    static List<RunDigest> latest(Connection connection, String owner) throws SQLException {
        return read(connection, LATEST, owner);
    }

    /** Those of any text that failed, without their paths. */
    static List<RunDigest> failures(Connection connection, String owner) throws SQLException {
        return read(connection, FAILURES, owner);
    }

    private static List<RunDigest> read(Connection connection, String sql, String... which) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < which.length; i++) {
                statement.setString(i + 1, which[i]);
            }
            statement.setInt(which.length + 1, TextRules.MOST_RUNS);
            statement.setFetchSize(ROWS_AT_ONCE);
            List<RunDigest> digests = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    digests.add(digest(rows));
                }
            }
            return digests;
        }
    }

    private static RunDigest digest(ResultSet row) throws SQLException {
        return new RunDigest(
                row.getObject("task_id", UUID.class),
                row.getString("task_text"),
                StepColumns.requiredTime(row, "started_at"),
                row.getString("model"),
                row.getString("app_version"),
                row.getObject("succeeded", Boolean.class),
                row.getObject("duration_ms", Long.class),
                row.getString("error"),
                lastScreen(row),
                row.getBoolean("is_whole"),
                MovesJson.read(row.getString("path")));
    }

    private static @Nullable LastScreen lastScreen(ResultSet row) throws SQLException {
        Long hash = row.getObject("last_screen", Long.class);
        return hash == null ? null : new LastScreen(row.getInt("last_screen_step"), hash);
    }
}
