package dev.steptrail.store.retention;

import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.AuditLog.AuditEntry;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.StoreException;
import dev.steptrail.store.model.ArchiveBacklog;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskLocks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads and records archives of tasks, finds tasks to archive, and exempts tasks from retention. */
public final class ArchiveRepository {
    private static final RecordMapper<Archive> ARCHIVE = RecordMapper.of(Archive.class);

    /** Parameters: the retention in seconds, twice. An index of {@code task_processing} serves the first condition. */
    private static final String DUE = """
            FROM task_processing AS due
              JOIN tasks AS t USING (task_id)
             WHERE due.unarchived_since < now() - ? * interval '1 second'
               AND %s""".formatted(RetentionSql.IS_EXPIRED);

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
              %s
             ORDER BY task_id
            """.formatted(RetentionSql.FROM_STORED);

    private static final String FIND_PARTS = """
            SELECT %s
              FROM archives
             WHERE task_id = ?
               AND state = 'archived'
             ORDER BY part
            """.formatted(ARCHIVE.columns());

    private static final String LOCK_TASK = """
            SELECT
              FROM tasks
             WHERE task_id = ?
               AND deleted_at IS NULL
               FOR UPDATE
            """;

    /** Runs after the lock, so that no other session changes the rows that it counts. */
    private static final String INSERT = """
            INSERT INTO archives AS a (%1$s)
            SELECT n.*
              FROM (VALUES (?::uuid, ?, ?, ?, ?, ?, ?)) AS n (%1$s)
             WHERE n.steps = (SELECT count(*) FROM task_steps AS s WHERE s.task_id = n.task_id)
            ON CONFLICT (task_id, part) DO UPDATE
                SET key         = excluded.key,
                    sha256      = excluded.sha256,
                    steps       = excluded.steps,
                    screenshots = excluded.screenshots,
                    total_steps = excluded.total_steps,
                    stored_at   = now()
              WHERE a.state = 'stored'
            """.formatted(ARCHIVE.columns());

    private static final String SET_KEEP = """
            UPDATE tasks
               SET keep = ?
             WHERE task_id = ?
            RETURNING %s
            """.formatted(Task.ROW.columns());

    private static final UUID MIN_ID = new UUID(0, 0);

    /** Short, because the backlog is only a metric, and maintenance waits for it. */
    private static final Duration BACKLOG_TIMEOUT = Duration.ofSeconds(5);

    private final Database database;

    public ArchiveRepository(Database database) {
        this.database = database;
    }

    /**
     * A part of a task's archive in the bucket.
     *
     * @param part the number of the part, from 1
     * @param key the S3 key of the part
     * @param sha256 the SHA-256 of the part's lines, in hex
     * @param screenshots the number of screenshots in the part
     * @param totalSteps the task's number of steps when the part was written
     */
    public record Archive(
            UUID taskId, int part, String key, String sha256, int steps, int screenshots, int totalSteps) {}

    /**
     * The number of tasks that are due.
     *
     * @param age the time since the oldest due task became due; zero if there is none
     */
    public record Backlog(long tasks, Duration age) {}

    /**
     * Returns tasks past the retention that have rows in no archive, sorted by id.
     *
     * @param after the last task of the previous call; null for the first call
     */
    public List<UUID> findDue(Duration retention, @Nullable UUID after, int limit) {
        return database.read(session -> session.sql(
                        FIND_DUE, retention.toSeconds(), retention.toSeconds(), after == null ? MIN_ID : after, limit)
                .list(row -> row.getObject("task_id", UUID.class)));
    }

    /**
     * Counts the tasks that are due.
     *
     * @throws StoreException.Unavailable if the query takes more than five seconds, or the database is unavailable
     */
    public Backlog measureBacklog(Duration retention) {
        return database.read(session -> {
            session.setTimeouts(BACKLOG_TIMEOUT);
            return session.sql(MEASURE_BACKLOG, retention.toSeconds(), retention.toSeconds())
                    .single(row -> {
                        long tasks = row.getLong("tasks");
                        Duration sinceActivity = Duration.ofSeconds(row.getLong("age"));
                        return new Backlog(tasks, tasks == 0 ? Duration.ZERO : sinceActivity.minus(retention));
                    });
        });
    }

    /** Returns tasks past the retention whose rows are all archived but not deleted yet, sorted by id. */
    public List<UUID> findStored(Duration retention) {
        return database.read(session ->
                session.sql(FIND_STORED, retention.toSeconds()).list(row -> row.getObject("task_id", UUID.class)));
    }

    /** Returns the parts of an archived task, in order; empty if all rows of the task are in the database. */
    public List<Archive> findParts(UUID taskId) {
        return database.read(session -> session.sql(FIND_PARTS, taskId).list(ARCHIVE));
    }

    /**
     * Records that a part of a task is stored in the bucket. Replaces the record of a part with the same number whose
     * rows are still in the database.
     *
     * @return false, without changing anything, if the task was deleted or the part no longer contains all rows of the
     *     task
     */
    public boolean add(Archive archive) {
        return database.inTransaction(session -> {
            if (!session.sql(LOCK_TASK, archive.taskId()).hasRows()) {
                return false;
            }
            int added = session.sql(
                            INSERT,
                            archive.taskId(),
                            archive.part(),
                            archive.key(),
                            archive.sha256(),
                            archive.steps(),
                            archive.screenshots(),
                            archive.totalSteps())
                    .update();
            ArchiveBacklog.update(session, List.of(archive.taskId()));
            return added == 1;
        });
    }

    /**
     * Exempts a task from retention, or ends the exemption, and records the change in the audit log. The steps of an
     * exempt task stay in the database indefinitely.
     *
     * @return the updated task; empty if it does not exist or was deleted
     */
    public Optional<Task> setKeep(UUID taskId, boolean keep, String caller) {
        return database.inTransaction(session -> {
            Optional<Task> before = TaskLocks.lockTask(session, taskId);
            if (before.isEmpty() || before.get().keep() == keep) {
                return before;
            }
            Task task = session.sql(SET_KEEP, keep, taskId).single(Task.ROW);
            ArchiveBacklog.update(session, List.of(taskId));
            AuditLog.addInTransaction(session, new AuditEntry(caller, "keep_task", taskId, Map.of("keep", keep)));
            return Optional.of(task);
        });
    }
}
