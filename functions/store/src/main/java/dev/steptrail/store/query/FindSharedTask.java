package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskColumns;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Optional;

/** Which task does this token open, if its link still works? */
public final class FindSharedTask {
    private static final String SQL = """
            SELECT s.id AS share_id,
                   s.include_sensitive,
                   t.*
              FROM share_links AS s
              JOIN (SELECT %s
                      FROM tasks
                     WHERE deleted_at IS NULL) AS t USING (task_id)
             WHERE s.token_hash = ?
               AND s.revoked_at IS NULL
               AND s.expires_at > now()
            """.formatted(TaskColumns.ALL);

    private final Database database;

    public FindSharedTask(Database database) {
        this.database = database;
    }

    /** A task, and by which link. */
    public record Shared(long shareId, boolean includeSensitive, Task task) {}

    /**
     * The task; empty if the link expired, was taken back or never was, or the task was deleted.
     *
     * @param tokenHash the SHA-256 of a token
     */
    public Optional<Shared> byTokenHash(byte[] tokenHash) {
        return database.lookUp(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setBytes(1, tokenHash);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Shared(
                                    row.getLong("share_id"),
                                    row.getBoolean("include_sensitive"),
                                    TaskColumns.task(row)))
                            : Optional.empty();
                }
            }
        });
    }
}
