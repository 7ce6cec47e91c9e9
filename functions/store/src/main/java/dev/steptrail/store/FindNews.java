package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Of which tasks is there news that who remembers what it has seen, in a table of its own, has not looked at? */
final class FindNews {
    /** Who counts steps and marks gaps. */
    static final FindNews FOR_LOOKS = new FindNews("task_looks");

    /** Who makes digests of runs. */
    static final FindNews FOR_DIGESTS = new FindNews("run_digests");

    /**
     * Transactions end in another order than that in which they began, and news bear the time of the beginning: what is older
     * than the latest that was seen may still turn up, for as long as a function lives.
     */
    private static final String SINCE = """
            SELECT coalesce(max(news_at) - interval '15 minutes', '-infinity')
              FROM %s
            """;

    private static final String SQL = """
            SELECT t.task_id,
                   t.news_at
              FROM (SELECT task_id,
                           greatest(received_at, deleted_at) AS news_at
                      FROM tasks) AS t
              LEFT JOIN %s AS l USING (task_id)
             WHERE t.news_at >= ?
               AND l.news_at IS DISTINCT FROM t.news_at
             ORDER BY t.news_at, t.task_id
             LIMIT ?
            """;

    private final String since;
    private final String sql;

    /** @param seen has the {@code news_at} of each task that was looked at */
    private FindNews(String seen) {
        this.since = SINCE.formatted(seen);
        this.sql = SQL.formatted(seen);
    }

    /** A task, and when its latest news reached the database. */
    record News(UUID taskId, Instant newsAt) {}

    /** Some of them, the oldest news first. */
    List<News> in(Connection connection, int most) throws SQLException {
        // Bound in a statement of its own, it lets the planner see how few tasks that are.
        OffsetDateTime since = since(connection);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
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

    private OffsetDateTime since(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(this.since);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getObject(1, OffsetDateTime.class);
        }
    }
}
