package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.jdbc.StoreException;
import dev.steptrail.store.jdbc.TimeLimits;
import dev.steptrail.store.model.Archive;
import dev.steptrail.store.model.ArchiveQueue;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The archives of tasks, and the tasks that are to be archived. */
public final class ArchiveRepository {
    /** Takes the retention in seconds as a parameter twice. The index of {@code task_processing} answers the first condition. */
    private static final String DUE = """
            FROM task_processing AS due
              JOIN tasks AS t USING (task_id)
             WHERE due.unarchived_since < now() - ? * interval '1 second'
               AND %s""".formatted(RetentionRules.IS_PAST);

    static final String FIND_DUE = """
            SELECT task_id
              %s
               AND task_id > ?
             ORDER BY task_id
             LIMIT ?
            """.formatted(DUE);

    static final String MEASURE_BACKLOG = """
            SELECT count(*) AS tasks,
                   coalesce(extract(epoch FROM now() - min(due.unarchived_since)), 0)::bigint AS age
              %s
            """.formatted(DUE);

    private static final String FIND_STORED = """
            SELECT task_id
              FROM archives AS stored
              JOIN tasks AS t USING (task_id)
             WHERE stored.state = 'stored'
               AND t.deleted_at IS NULL
               AND %s
             ORDER BY task_id
            """.formatted(RetentionRules.MAY_LOSE_ITS_ROWS);

    private static final String FIND_PARTS = """
            SELECT part, key, sha256, steps, screenshots, total_steps
              FROM archives
             WHERE task_id = ?
               AND state = 'archived'
             ORDER BY part
            """;

    private static final String LOCK_TASK = """
            SELECT
              FROM tasks
             WHERE task_id = ?
               AND deleted_at IS NULL
               FOR UPDATE
            """;

    /** Runs after the lock, so that it counts rows that nobody changes. */
    private static final String INSERT = """
            INSERT INTO archives AS a (task_id, part, key, sha256, steps, screenshots, total_steps)
            SELECT n.*
              FROM (VALUES (?::uuid, ?, ?, ?, ?, ?, ?)) AS n (task_id, part, key, sha256, steps, screenshots, total_steps)
             WHERE n.steps = (SELECT count(*) FROM task_steps AS s WHERE s.task_id = n.task_id)
            ON CONFLICT (task_id, part) DO UPDATE
                SET key         = excluded.key,
                    sha256      = excluded.sha256,
                    steps       = excluded.steps,
                    screenshots = excluded.screenshots,
                    total_steps = excluded.total_steps,
                    stored_at   = now()
              WHERE a.state = 'stored'
            """;

    private static final UUID FIRST = new UUID(0, 0);

    /** The backlog is only a metric, for which maintenance does not wait longer. */
    private static final Duration BACKLOG_TIMEOUT = Duration.ofSeconds(5);

    private final Database database;

    public ArchiveRepository(Database database) {
        this.database = database;
    }

    /**
     * The tasks that are due.
     *
     * @param age the time since the first of them became due; zero if there is none
     */
    public record Backlog(long tasks, Duration age) {}

    /**
     * Returns tasks that are past the retention and have rows that the bucket does not hold, in the order of their ids.
     *
     * @param after the last task of the call before; null for the first call
     */
    public List<UUID> findDue(Duration retention, @Nullable UUID after, int limit) {
        return database.read(connection -> Sql.of(
                        connection,
                        FIND_DUE,
                        retention.toSeconds(),
                        retention.toSeconds(),
                        after == null ? FIRST : after,
                        limit)
                .list(row -> row.getObject("task_id", UUID.class)));
    }

    /**
     * Counts the tasks that are due.
     *
     * @throws StoreException.Unavailable if that takes more than five seconds, or the database is unavailable
     */
    public Backlog measureBacklog(Duration retention) {
        return database.read(connection -> {
            TimeLimits.set(connection, BACKLOG_TIMEOUT);
            return Sql.of(connection, MEASURE_BACKLOG, retention.toSeconds(), retention.toSeconds())
                    .one(row -> {
                        long tasks = row.getLong("tasks");
                        Duration sinceActivity = Duration.ofSeconds(row.getLong("age"));
                        return new Backlog(tasks, tasks == 0 ? Duration.ZERO : sinceActivity.minus(retention));
                    });
        });
    }

    /** Returns the tasks past the retention whose rows are both in the bucket and in the database, in the order of their ids. */
    public List<UUID> findStored(Duration retention) {
        return database.read(connection -> Sql.of(connection, FIND_STORED, retention.toSeconds())
                .list(row -> row.getObject("task_id", UUID.class)));
    }

    /** Returns the parts of an archived task, in their order; empty if all its rows are in the database. */
    public List<Archive> findParts(UUID taskId) {
        return database.read(connection -> Sql.of(connection, FIND_PARTS, taskId)
                .list(row -> new Archive(
                        taskId,
                        row.getInt("part"),
                        row.getString("key"),
                        row.getString("sha256"),
                        row.getInt("steps"),
                        row.getInt("screenshots"),
                        row.getInt("total_steps"))));
    }

    /**
     * Records that a part of a task is stored in the bucket. It replaces an earlier version of the part whose rows are still in
     * the database.
     *
     * @return false if the task was deleted, or the part does not hold every row of the task any more: nothing was changed then
     */
    public boolean add(Archive archive) {
        return database.inTransaction(connection -> {
            if (!Sql.of(connection, LOCK_TASK, archive.taskId()).exists()) {
                return false;
            }
            int added = Sql.of(
                            connection,
                            INSERT,
                            archive.taskId(),
                            archive.part(),
                            archive.key(),
                            archive.sha256(),
                            archive.steps(),
                            archive.screenshots(),
                            archive.totalSteps())
                    .update();
            ArchiveQueue.update(connection, archive.taskId());
            return added == 1;
        });
    }
}
