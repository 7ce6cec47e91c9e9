package dev.steptrail.store;

import java.sql.PreparedStatement;

/** Notes that a part of a task lies in the bucket, whole. One that was made before, and whose rows are here still, it replaces. */
public final class AddArchive {
    private static final String SQL = """
            INSERT INTO archives AS a (task_id, part, key, sha256, steps, screenshots, total_steps)
            SELECT task_id, ?, ?, ?, ?, ?, ?
              FROM tasks
             WHERE task_id = ?
               AND deleted_at IS NULL
               FOR UPDATE
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
     * @return false if the task was deleted meanwhile
     */
    public boolean add(Archive archive) {
        return database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setInt(1, archive.part());
                statement.setString(2, archive.key());
                statement.setString(3, archive.sha256());
                statement.setInt(4, archive.steps());
                statement.setInt(5, archive.screenshots());
                statement.setInt(6, archive.totalSteps());
                statement.setObject(7, archive.taskId());
                return statement.executeUpdate() == 1;
            }
        });
    }
}
