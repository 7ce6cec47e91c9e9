package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Makes a link to a task. */
public final class CreateShare {
    /** A task has no more that work, so that nobody fills the table. */
    public static final int MOST = 100;

    /** Locks the task, so that two at once do not both find room for the last one, and none is made of a task that is being deleted. */
    private static final String MAY = """
            SELECT (SELECT count(*)
                      FROM share_links AS s
                     WHERE s.task_id = t.task_id
                       AND s.revoked_at IS NULL
                       AND s.expires_at > now()) < ?
              FROM tasks AS t
             WHERE t.task_id = ?
               AND t.deleted_at IS NULL
               FOR NO KEY UPDATE OF t
            """;

    private static final String SQL = """
            INSERT INTO share_links (task_id, token_hash, created_by, expires_at, include_sensitive)
            VALUES (?, ?, ?, now() + ? * interval '1 second', ?)
            RETURNING %s
            """.formatted(ShareColumns.ALL);

    private final Database database;

    public CreateShare(Database database) {
        this.database = database;
    }

    /**
     * Makes it, and writes down who did.
     *
     * @param tokenHash the SHA-256 of its token, which is stored nowhere
     * @param lifetime until it expires, whole seconds
     * @return nothing, if the task has {@value #MOST} already that work, or was deleted meanwhile
     */
    public Optional<ShareLink> of(
            UUID taskId, byte[] tokenHash, String caller, Duration lifetime, boolean includeSensitive) {
        return database.inTransaction(connection -> {
            if (!may(connection, taskId)) {
                return Optional.empty();
            }
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setObject(1, taskId);
                statement.setBytes(2, tokenHash);
                statement.setString(3, caller);
                statement.setLong(4, lifetime.toSeconds());
                statement.setBoolean(5, includeSensitive);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    ShareLink made = ShareColumns.share(row);
                    Map<String, ?> detail = Map.of("share_id", made.id(), "include_sensitive", includeSensitive);
                    InsertAudit.in(connection, new AuditEntry(caller, "share_task", taskId, detail));
                    return Optional.of(made);
                }
            }
        });
    }

    private static boolean may(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MAY)) {
            statement.setInt(1, MOST);
            statement.setObject(2, taskId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
