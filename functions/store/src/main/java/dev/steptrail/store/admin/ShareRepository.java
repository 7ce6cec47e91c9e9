package dev.steptrail.store.admin;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.AuditEntry;
import dev.steptrail.store.model.LockTask;
import dev.steptrail.store.model.ShareLink;
import dev.steptrail.store.model.StepColumns;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskColumns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Share links: each lets somebody without an account read one task. */
public final class ShareRepository {
    /** The maximum number of valid links of a task, which bounds the table. */
    public static final int MAX_LINKS = 100;

    private static final String COLUMNS = "id, created_by, created_at, expires_at, revoked_at, include_sensitive";

    private static final String COUNT_VALID = """
            SELECT count(*)
              FROM share_links
             WHERE task_id = ?
               AND revoked_at IS NULL
               AND expires_at > now()
            """;

    private static final String INSERT = """
            INSERT INTO share_links (task_id, token_hash, created_by, expires_at, include_sensitive)
            VALUES (?, ?, ?, now() + ? * interval '1 second', ?)
            RETURNING %s
            """.formatted(COLUMNS);

    private static final String LIST = """
            SELECT %s
              FROM share_links
             WHERE task_id = ?
               AND id < ?
             ORDER BY id DESC
             LIMIT ?
            """.formatted(COLUMNS);

    private static final String REVOKE = """
            UPDATE share_links
               SET revoked_at = now()
             WHERE id = ?
               AND task_id = ?
               AND revoked_at IS NULL
            """;

    private static final String FIND_SHARED = """
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

    public ShareRepository(Database database) {
        this.database = database;
    }

    /** A task, and the link that gives access to it. */
    public record SharedTask(long shareId, boolean includeSensitive, Task task) {}

    /**
     * Creates a link and records that in the audit log.
     *
     * @param tokenHash the SHA-256 of its token, which is not stored itself
     * @param lifetime until it expires, whole seconds
     * @return empty if the task has {@value #MAX_LINKS} valid links already, or was deleted
     */
    public Optional<ShareLink> create(
            UUID taskId, byte[] tokenHash, String caller, Duration lifetime, boolean includeSensitive) {
        return database.inTransaction(connection -> {
            // The lock keeps concurrent calls below the limit, and a task that is being deleted from getting a link.
            if (LockTask.in(connection, taskId).isEmpty()
                    || Sql.of(connection, COUNT_VALID, taskId).one(row -> row.getLong(1)) >= MAX_LINKS) {
                return Optional.empty();
            }
            ShareLink share = Sql.of(
                            connection, INSERT, taskId, tokenHash, caller, lifetime.toSeconds(), includeSensitive)
                    .one(ShareRepository::share);
            AuditLog.insert(
                    connection,
                    new AuditEntry(
                            caller,
                            "share_task",
                            taskId,
                            Map.of("share_id", share.id(), "include_sensitive", includeSensitive)));
            return Optional.of(share);
        });
    }

    /**
     * Returns a page of a task's links, newest first.
     *
     * @param before the last id of the page before; null for the first page
     * @param limit at least 1
     */
    public Page<ShareLink> page(UUID taskId, @Nullable Long before, int limit) {
        return database.read(
                connection -> Sql.of(connection, LIST, taskId, before == null ? Long.MAX_VALUE : before, limit + 1)
                        .page(limit, ShareRepository::share, share -> Page.length(share.createdBy())));
    }

    /**
     * Revokes a link and records that in the audit log.
     *
     * @return false if the task has no such link, or it was revoked before
     */
    public boolean revoke(UUID taskId, long id, String caller) {
        return database.inTransaction(connection -> {
            boolean revoked = Sql.of(connection, REVOKE, id, taskId).update() == 1;
            if (revoked) {
                AuditLog.insert(connection, new AuditEntry(caller, "revoke_share", taskId, Map.of("share_id", id)));
            }
            return revoked;
        });
    }

    /**
     * Returns the task that a token gives access to; empty if the link expired, was revoked or never existed, or the task was
     * deleted.
     *
     * @param tokenHash the SHA-256 of a token
     */
    public Optional<SharedTask> findSharedTask(byte[] tokenHash) {
        return database.lookUp(connection -> Sql.of(connection, FIND_SHARED, tokenHash)
                .first(row -> new SharedTask(
                        row.getLong("share_id"), row.getBoolean("include_sensitive"), TaskColumns.task(row))));
    }

    private static ShareLink share(ResultSet row) throws SQLException {
        return new ShareLink(
                row.getLong("id"),
                row.getString("created_by"),
                StepColumns.requiredTime(row, "created_at"),
                StepColumns.requiredTime(row, "expires_at"),
                StepColumns.time(row, "revoked_at"),
                row.getBoolean("include_sensitive"));
    }
}
