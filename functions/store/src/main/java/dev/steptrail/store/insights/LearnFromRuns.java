package dev.steptrail.store.insights;

import dev.steptrail.insights.Insight;
import dev.steptrail.insights.OwnerRules;
import dev.steptrail.insights.TextRules;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.TimeLimits;
import dev.steptrail.store.model.FigureJson;
import dev.steptrail.store.retention.BeginRun;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the insights of texts anew that are stale, text by text, from the digests of the latest runs of each: in memory is never more than one text. The
 * empty text stands for all of an owner's runs together. One at a time may; {@link
 * BeginRun} sees to that.
 */
public final class LearnFromRuns {
    private static final String NEXT = """
            WITH next AS (
                SELECT owner,
                       task_text
                  FROM stale_texts
                 WHERE due_at <= now()
                 ORDER BY due_at, owner, task_text
                 LIMIT 1
                   FOR UPDATE
            )
            """;

    private static final String TAKE = NEXT + """
            DELETE FROM stale_texts AS s
             USING next
             WHERE (s.owner, s.task_text) = (next.owner, next.task_text)
            RETURNING s.owner,
                      s.task_text
            """;

    private static final String POSTPONE = NEXT + """
            UPDATE stale_texts AS s
               SET due_at = now() + interval '1 hour'
              FROM next
             WHERE (s.owner, s.task_text) = (next.owner, next.task_text)
            """;

    private static final String CLEAR = """
            DELETE FROM insights
             WHERE owner = ?
               AND task_text = ?
            """;

    private static final String WRITE = """
            INSERT INTO insights (owner, task_text, kind, runs, runs_started_at, steps, figures)
            SELECT i.owner,
                   i.task_text,
                   i.kind,
                   i.runs,
                   ARRAY(SELECT t.started_at
                           FROM unnest(i.runs) WITH ORDINALITY AS run (task_id, place)
                           JOIN tasks AS t USING (task_id)
                          ORDER BY place),
                   i.steps,
                   i.figures
              FROM (VALUES (?, ?, ?, ?::uuid[], ?::text[], ?::jsonb)) AS i (owner, task_text, kind, runs, steps, figures)
            """;

    private final Database database;

    public LearnFromRuns(Database database) {
        this.database = database;
    }

    /** What became of a text: how many insights it has now. */
    public record Learned(int insights) {}

    /**
     * Makes those of the text that is stale for longest.
     *
     * @param limit how long a statement may take
     * @return nothing if none is stale, or each of them is postponed
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

    /** Has the text that is next, which failed, wait for an hour, so that the others come. */
    public void postponeNext() {
        database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(POSTPONE)) {
                return statement.executeUpdate();
            }
        });
    }

    private static Learned learn(Connection connection, String owner, String text) throws SQLException {
        List<Insight> insights =
                text.isEmpty() ? ofAll(connection, owner) : TextRules.of(ReadDigests.ofText(connection, owner, text));
        try (PreparedStatement clear = connection.prepareStatement(CLEAR);
                PreparedStatement write = connection.prepareStatement(WRITE)) {
            clear.setString(1, owner);
            clear.setString(2, text);
            clear.executeUpdate();
            for (int i = insights.size() - 1; i >= 0; i--) { // the newest are read first, and the first say most
                Insight insight = insights.get(i);
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

    private static List<Insight> ofAll(Connection connection, String owner) throws SQLException {
        List<Insight> insights = new ArrayList<>(FindAlikeFailures.in(connection, owner));
        insights.addAll(OwnerRules.of(ReadDigests.latest(connection, owner), ReadDigests.failures(connection, owner)));
        return insights;
    }
}
