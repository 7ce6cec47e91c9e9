package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.StoreException;
import dev.steptrail.store.jdbc.TimeLimits;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;

/** How many tasks are past and not in the bucket yet, and since when? */
public final class MeasureBacklog {
    static final String SQL = """
            SELECT count(*) AS tasks,
                   coalesce(extract(epoch FROM now() - min(due.unarchived_since)), 0)::bigint AS age
              %s
            """.formatted(FindTasksToArchive.DUE);

    /** It is told to whoever watches, and nobody waits for it. */
    private static final Duration MOST = Duration.ofSeconds(5);

    private final Database database;

    public MeasureBacklog(Database database) {
        this.database = database;
    }

    /**
     * What is left to archive.
     *
     * @param age how long ago the first of them became due; zero where there is none
     */
    public record Backlog(long tasks, Duration age) {}

    /**
     * As it is now.
     *
     * @throws StoreException.Unavailable if that takes more than five seconds to find out, or the database is away
     */
    public Backlog now(Duration retention) {
        return database.read(connection -> {
            TimeLimits.set(connection, MOST);
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setLong(1, retention.toSeconds());
                statement.setLong(2, retention.toSeconds());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    long tasks = row.getLong("tasks");
                    Duration sinceNews = Duration.ofSeconds(row.getLong("age"));
                    return new Backlog(tasks, tasks == 0 ? Duration.ZERO : sinceNews.minus(retention));
                }
            }
        });
    }
}
