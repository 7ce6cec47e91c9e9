package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Archive;
import dev.steptrail.store.model.ArchiveQueue;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Notes that a part of a task lies in the bucket, whole. One that was made before, and whose rows are here still, it replaces. A
 * part that does not hold every row that is here any more, as one that was read before others were restored, is not noted: it
 * would count as all there is.
 */
public final class AddArchive {
    private static final String LOCK = """
            SELECT
              FROM tasks
             WHERE task_id = ?
               AND deleted_at IS NULL
               FOR UPDATE
            """;

    /** After the lock, and so by rows that nobody changes. */
    private static final String SQL = """
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

    private final Database database;

    public AddArchive(Database database) {
        this.database = database;
    }

    /**
     * Notes it.
     *
     * @return false if the task was deleted meanwhile, or has other rows now
     */
    public boolean add(Archive archive) {
        return database.inTransaction(connection -> isThere(connection, archive.taskId()) && add(connection, archive));
    }

    private static boolean isThere(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setObject(1, taskId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private static boolean add(Connection connection, Archive archive) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setObject(1, archive.taskId());
            statement.setInt(2, archive.part());
            statement.setString(3, archive.key());
            statement.setString(4, archive.sha256());
            statement.setInt(5, archive.steps());
            statement.setInt(6, archive.screenshots());
            statement.setInt(7, archive.totalSteps());
            boolean isAdded = statement.executeUpdate() == 1;
            ArchiveQueue.update(connection, archive.taskId());
            return isAdded;
        }
    }
}
