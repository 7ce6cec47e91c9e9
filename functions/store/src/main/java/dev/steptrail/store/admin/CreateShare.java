package dev.steptrail.store.admin;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.AuditEntry;
import dev.steptrail.store.model.LockTask;
import dev.steptrail.store.model.ShareColumns;
import dev.steptrail.store.model.ShareLink;
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

    private static final String COUNT = """
            SELECT count(*)
              FROM share_links
             WHERE task_id = ?
               AND revoked_at IS NULL
               AND expires_at > now()
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
            // So that two at once do not both find room for the last one, and none is made of a task that is being
            // deleted.
            if (LockTask.in(connection, taskId).isEmpty() || count(connection, taskId) >= MOST) {
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

    private static long count(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
            statement.setObject(1, taskId);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
