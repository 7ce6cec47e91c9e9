package dev.steptrail.store;

import dev.steptrail.insights.Insight;
import dev.steptrail.insights.RunDigest;
import dev.steptrail.insights.TextRules;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes the insights of texts anew that are stale, text by text, from the digests of the latest runs of each: in memory is never more than one text. One at a time may; {@link
 * BeginRun} sees to that.
 */
public final class LearnFromRuns {
    private static final String TAKE = """
            WITH taken AS (
                SELECT owner,
                       task_text
                  FROM stale_texts
                 ORDER BY owner, task_text
                 LIMIT 1
                   FOR UPDATE
            )
            DELETE FROM stale_texts AS s
             USING taken
             WHERE (s.owner, s.task_text) = (taken.owner, taken.task_text)
            RETURNING s.owner,
                      s.task_text
            """;

    /** Of those that run or were cancelled nobody can tell how they went. */
    private static final String DIGESTS = """
            SELECT d.task_id,
                   d.error,
                   d.path::text AS path,
                   t.started_at,
                   left(t.model, 80)                               AS model,
                   left(t.metadata ->> 'app_version', 80)          AS app_version,
                   CASE coalesce(t.archived_status, t.status)
                       WHEN 'succeeded' THEN true
                       WHEN 'failed'    THEN false
                       WHEN 'abandoned' THEN false
                   END                                             AS succeeded,
                   (extract(epoch FROM t.ended_at - t.started_at) * 1000)::bigint AS duration_ms
              FROM run_digests AS d
              JOIN tasks AS t USING (task_id)
             WHERE d.owner = ?
               AND d.task_text = ?
               AND t.deleted_at IS NULL
             ORDER BY d.task_id DESC
             LIMIT ?
            """;

    private static final String CLEAR = """
            DELETE FROM insights
             WHERE owner = ?
               AND task_text = ?
            """;

    private static final String WRITE = """
            INSERT INTO insights (owner, task_text, kind, runs, steps, figures)
            VALUES (?, ?, ?, ?, ?, ?::jsonb)
            """;

    /** So that the rows of a text are not all in memory beside what is read from them. */
    private static final int ROWS_AT_ONCE = 50;

    private final Database database;

    public LearnFromRuns(Database database) {
        this.database = database;
    }

    /** What became of a text: how many insights it has now. */
    public record Learned(int insights) {}

    /**
     * Makes those of the next stale text.
     *
     * @param limit how long a statement may take
     * @return nothing if no text is stale
     */
    public Optional<Learned> next(Duration limit) {
        return database.inTransaction(connection -> {
            TimeLimits.set(connection, limit);
            try (PreparedStatement statement = connection.prepareStatement(TAKE);
                    ResultSet text = statement.executeQuery()) {
                return text.next()
                        ? Optional.of(learn(connection, text.getString("owner"), text.getString("task_text")))
                        : Optional.empty();
            }
        });
    }

    private static Learned learn(Connection connection, String owner, String text) throws SQLException {
        List<Insight> insights = text.isEmpty()
                ? FindAlikeFailures.in(connection, owner)
                : TextRules.of(digests(connection, owner, text));
        try (PreparedStatement clear = connection.prepareStatement(CLEAR);
                PreparedStatement write = connection.prepareStatement(WRITE)) {
            clear.setString(1, owner);
            clear.setString(2, text);
            clear.executeUpdate();
            for (Insight insight : insights) {
                write.setString(1, owner);
                write.setString(2, text);
                write.setString(3, insight.kind());
                write.setArray(
                        4, connection.createArrayOf("uuid", insight.runs().toArray()));
                write.setArray(
                        5,
                        connection.createArrayOf(
                                "text",
                                insight.steps().stream()
                                        .map(step -> step.taskId() + "." + step.stepNumber())
                                        .toArray()));
                write.setString(6, FigureJson.of(insight.figures()));
                write.addBatch();
            }
            write.executeBatch();
        }
        return new Learned(insights.size());
    }

    private static List<RunDigest> digests(Connection connection, String owner, String text) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DIGESTS)) {
            statement.setString(1, owner);
            statement.setString(2, text);
            statement.setInt(3, TextRules.MOST_RUNS);
            statement.setFetchSize(ROWS_AT_ONCE);
            List<RunDigest> digests = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    digests.add(new RunDigest(
                            rows.getObject("task_id", UUID.class),
                            StepColumns.requiredTime(rows, "started_at"),
                            rows.getString("model"),
                            rows.getString("app_version"),
                            rows.getObject("succeeded", Boolean.class),
                            rows.getObject("duration_ms", Long.class),
                            rows.getString("error"),
                            MovesJson.read(rows.getString("path"))));
                }
            }
            return digests;
        }
    }
}
