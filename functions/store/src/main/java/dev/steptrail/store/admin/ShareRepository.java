package dev.steptrail.store.admin;

import dev.steptrail.store.admin.AuditLog.AuditEntry;
import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskLocks;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Manages share links. Each gives a person without an account read access to one task. */
public final class ShareRepository {
    /** The maximum number of valid links per task. */
    public static final int MAX_LINKS = 100;

    private static final RecordMapper<ShareLink> LINK = RecordMapper.of(ShareLink.class);
    private static final RecordMapper<Contents> CONTENTS = RecordMapper.of(Contents.class);

    private static final String COUNT_VALID = """
            SELECT count(*)
              FROM share_links
             WHERE task_id = ?
               AND revoked_at IS NULL
               AND expires_at > now()
            """;

    private static final String INSERT = """
            INSERT INTO share_links (task_id, token_hash, created_by, expires_at, %s)
            VALUES (?, ?, ?, now() + ? * interval '1 second', ?, ?, ?, ?)
            RETURNING %s
            """.formatted(CONTENTS.columns(), LINK.columns());

    private static final String REVOKE = """
            UPDATE share_links
               SET revoked_at = now()
             WHERE id = ?
               AND task_id = ?
               AND revoked_at IS NULL
            """;

    private static final String FIND_SHARED = """
            SELECT s.id AS share_id,
                   %s,
                   t.*
              FROM share_links AS s
              JOIN (SELECT %s
                      FROM tasks
                     WHERE deleted_at IS NULL) AS t USING (task_id)
             WHERE s.token_hash = ?
               AND s.revoked_at IS NULL
               AND s.expires_at > now()
            """.formatted(CONTENTS.columns(), Task.ROW.columns());

    private static final String DELETE_EXPIRED = """
            DELETE FROM share_links
             WHERE id IN (
                       SELECT id
                         FROM share_links
                        WHERE expires_at < now() - ? * interval '1 second'
                        LIMIT ?)
            """;

    private final Database database;

    public ShareRepository(Database database) {
        this.database = database;
    }

    /** A share link. The token is not stored. */
    public record ShareLink(
            long id,
            String createdBy,
            Instant createdAt,
            Instant expiresAt,
            @Nullable Instant revokedAt,
            boolean includeSensitive,
            boolean includeDetails,
            boolean includeJudgements,
            boolean includeModelCalls) {}

    /**
     * What a link shows in addition to the task and its steps.
     *
     * @param includeSensitive screenshots that are marked as sensitive
     * @param includeDetails the owner, the device, S3 keys and unknown fields
     * @param includeJudgements verdicts, tags, labels and notes, without their authors, and the fields of the
     *     experiment
     * @param includeModelCalls tokens, cost, and what models received and returned
     */
    public record Contents(
            boolean includeSensitive, boolean includeDetails, boolean includeJudgements, boolean includeModelCalls) {
        /** What the owner sees. */
        public static final Contents ALL = new Contents(true, true, true, true);
    }

    /** The task of a valid link, and what the link includes. */
    public record SharedTask(long shareId, Contents contents, Task task) {}

    /**
     * Creates a link and records it in the audit log.
     *
     * @param tokenHash the SHA-256 of the link's token
     * @param lifetime the time until the link expires, in whole seconds
     * @param task the task as the caller was allowed to read it
     * @return empty if the task has {@value #MAX_LINKS} valid links, was deleted, or now has another owner
     */
    public Optional<ShareLink> create(
            Task task, byte[] tokenHash, String caller, Duration lifetime, Contents contents) {
        UUID taskId = task.taskId();
        return database.inTransaction(session -> {
            // The lock enforces the limit for concurrent calls, and prevents links of a task that is being deleted or
            // gets another owner.
            Optional<Task> locked = TaskLocks.lockTask(session, taskId);
            if (locked.isEmpty()
                    || !locked.get().owner().equals(task.owner())
                    || session.sql(COUNT_VALID, taskId).single(row -> row.getLong(1)) >= MAX_LINKS) {
                return Optional.empty();
            }
            ShareLink share = session.sql(
                            INSERT,
                            taskId,
                            tokenHash,
                            caller,
                            lifetime.toSeconds(),
                            contents.includeSensitive(),
                            contents.includeDetails(),
                            contents.includeJudgements(),
                            contents.includeModelCalls())
                    .single(LINK);
            AuditLog.addInTransaction(
                    session,
                    new AuditEntry(
                            caller,
                            "share_task",
                            taskId,
                            Map.of(
                                    "share_id",
                                    share.id(),
                                    "include_sensitive",
                                    contents.includeSensitive(),
                                    "include_details",
                                    contents.includeDetails(),
                                    "include_judgements",
                                    contents.includeJudgements(),
                                    "include_model_calls",
                                    contents.includeModelCalls())));
            return Optional.of(share);
        });
    }

    /** Returns a page of a task's links, newest first. */
    public Page<ShareLink> page(UUID taskId, @Nullable Long before, int limit) {
        Conditions conditions = new Conditions().and("task_id = ?", taskId);
        return Page.newestFirst(
                database, LINK, "share_links", conditions, before, limit, share -> Page.length(share.createdBy()));
    }

    /**
     * Revokes a link and records the revocation in the audit log.
     *
     * @return false if the task has no such link, or it was already revoked
     */
    public boolean revoke(UUID taskId, long id, String caller) {
        return database.inTransaction(session -> {
            boolean revoked = session.sql(REVOKE, id, taskId).update() == 1;
            if (revoked) {
                AuditLog.addInTransaction(
                        session, new AuditEntry(caller, "revoke_share", taskId, Map.of("share_id", id)));
            }
            return revoked;
        });
    }

    /**
     * Returns the task that a token gives access to; empty if the link does not exist, expired or was revoked, or if
     * the task was deleted.
     *
     * @param tokenHash the SHA-256 of a token
     */
    public Optional<SharedTask> findSharedTask(byte[] tokenHash) {
        return database.lookUp(session -> session.sql(FIND_SHARED, tokenHash)
                .first(row -> new SharedTask(row.getLong("share_id"), CONTENTS.map(row), Task.ROW.map(row))));
    }

    /**
     * Deletes up to {@code max} links that expired longer ago than the retention.
     *
     * @param timeout the timeout of the statement
     * @return the number of deleted links, fewer than {@code max} if no more are due; empty, without deleting anything,
     *     if a lock or the statement timed out
     */
    public Optional<Integer> deleteExpired(Duration retention, int max, Duration timeout) {
        return database.tryInTransaction(
                Session.LOCK_TIMEOUT,
                timeout,
                session -> Optional.of(
                        session.sql(DELETE_EXPIRED, retention.toSeconds(), max).update()));
    }
}
