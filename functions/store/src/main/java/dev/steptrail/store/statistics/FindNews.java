package dev.steptrail.store.statistics;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Of which tasks is there news that nobody has looked at? */
public final class FindNews {
    /**
     * Transactions end in another order than that in which they began, and news bear the time of the beginning: what is older
     * than the latest that was seen may still turn up, for as long as a function lives. What a release before the measures has looked at is news.
     */
    private static final String SINCE = """
            SELECT coalesce(max(measured_news_at) - interval '15 minutes', '-infinity')
              FROM task_looks
            """;

    /** Nothing arrives of a task that is given up, so those that were running at the last look are asked. */
    private static final String SQL = """
            SELECT t.task_id,
                   t.news_at
              FROM (SELECT task_id,
                           greatest(received_at, deleted_at) AS news_at
                      FROM tasks) AS t
              LEFT JOIN task_looks AS l USING (task_id)
             WHERE t.news_at >= ?
               AND l.measured_news_at IS DISTINCT FROM t.news_at
             UNION
            SELECT t.task_id,
                   greatest(t.received_at, t.deleted_at)
              FROM task_looks AS l
              JOIN tasks AS t USING (task_id)
             WHERE l.run_is_open
               AND t.status <> 'running'
             ORDER BY news_at, task_id
             LIMIT ?
            """;

    private FindNews() {}

    /** A task, and when its latest news reached the database. */
    public record News(UUID taskId, Instant newsAt) {}

    /** Some of them, the oldest news first. */
    public static List<News> in(Connection connection, int most) throws SQLException {
        // Bound in a statement of its own, it lets the planner see how few tasks that are.
        OffsetDateTime since = since(connection);
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setObject(1, since);
            statement.setInt(2, most);
            List<News> news = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    news.add(new News(
                            rows.getObject("task_id", UUID.class),
                            rows.getObject("news_at", OffsetDateTime.class).toInstant()));
                }
            }
            return news;
        }
    }

    private static OffsetDateTime since(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SINCE);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getObject(1, OffsetDateTime.class);
        }
    }
}
