package dev.steptrail.store;

import dev.steptrail.insights.ErrorText;
import dev.steptrail.insights.TaskText;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes digests of runs of which there is news, and marks their texts as stale. The digest of an archived task stays as it was, since its steps are elsewhere; that of a deleted
 * one went with it. One at a time may; {@link BeginRun} sees to that.
 */
public final class DigestRuns {
    private static final String TASK = """
            SELECT owner,
                   coalesce(description, name, '') AS asked,
                   status IN ('archived', 'deleted') AS has_no_steps
              FROM tasks
             WHERE task_id = ?
            """;

    /** The empty text stands for all of an owner's. Marks are held as those of days are ({@link MarkDays}); in one order, so that two cannot deadlock. */
    private static final String MARK = """
            INSERT INTO stale_texts (owner, task_text)
            SELECT DISTINCT owner,
                            text
              FROM run_digests
             CROSS JOIN LATERAL unnest(ARRAY['', task_text]) AS stale (text)
             WHERE task_id = ANY (?)
             ORDER BY owner, text
            ON CONFLICT (owner, task_text) DO UPDATE
                SET owner = excluded.owner
            """;

    /** Of a run whose text, or owner, is another now, both are stale. */
    private static final String WRITE = """
            INSERT INTO run_digests (task_id, news_at, owner, task_text, error, path)
            VALUES (?, ?, ?, ?, ?, ?::json)
            ON CONFLICT (task_id) DO UPDATE
                SET news_at   = excluded.news_at,
                    owner     = excluded.owner,
                    task_text = excluded.task_text,
                    error     = excluded.error,
                    path      = excluded.path
            """;

    /** What is known of a run without steps: that it was looked at. */
    private static final String PASS = """
            INSERT INTO run_digests (task_id, news_at, owner, task_text, path)
            VALUES (?, ?, ?, '', '[]')
            ON CONFLICT (task_id) DO UPDATE
                SET news_at = excluded.news_at
            """;

    private final Database database;

    public DigestRuns(Database database) {
        this.database = database;
    }

    /**
     * Makes some of them, the oldest news first.
     *
     * @param most how many
     * @param limit how long a statement may take
     * @return how many; 0 if there are no news
     */
    public int some(int most, Duration limit) {
        return database.inTransaction(connection -> {
            TimeLimits.set(connection, limit);
            List<FindNews.News> news = FindNews.FOR_DIGESTS.in(connection, most);
            Array tasks = connection.createArrayOf(
                    "uuid", news.stream().map(FindNews.News::taskId).toArray());
            mark(connection, tasks);
            for (FindNews.News of : news) {
                digest(connection, of);
            }
            mark(connection, tasks);
            return news.size();
        });
    }

    private static void mark(Connection connection, Array tasks) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MARK)) {
            statement.setArray(1, tasks);
            statement.executeUpdate();
        }
    }

    private static void digest(Connection connection, FindNews.News news) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TASK)) {
            statement.setObject(1, news.taskId());
            try (ResultSet task = statement.executeQuery()) {
                if (task.next()) {
                    digest(connection, news, task);
                }
            }
        }
    }

    private static void digest(Connection connection, FindNews.News news, ResultSet task) throws SQLException {
        UUID taskId = news.taskId();
        String owner = task.getString("owner");
        if (task.getBoolean("has_no_steps")) {
            write(connection, PASS, taskId, news.newsAt(), owner);
            return;
        }
        ReadMoves.Moves read = ReadMoves.in(connection, taskId);
        write(
                connection,
                WRITE,
                taskId,
                news.newsAt(),
                owner,
                TaskText.alike(task.getString("asked")),
                read.lastError() == null ? null : ErrorText.alike(read.lastError()),
                MovesJson.of(read.moves()));
    }

    private static void write(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                Object value = values[i];
                statement.setObject(i + 1, value instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : value);
            }
            statement.executeUpdate();
        }
    }
}
