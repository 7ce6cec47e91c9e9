package dev.steptrail.store.judgements;

import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.AuditLog.AuditEntry;
import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.TaskLocks;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sets, lists and deletes the verdicts on tasks. A trigger updates {@code tasks.verdict}, and thereby whether the task
 * counts as successful.
 */
public final class VerdictRepository {
    /** The maximum number of verdicts on a task, with deleted ones, whose rows remain. */
    public static final int MAX_VERDICTS = 1000;

    static final RecordMapper<StoredVerdict> VERDICT = RecordMapper.of(StoredVerdict.class);

    /**
     * The new time exceeds the stored one, so that ingest ignores messages which arrive later with the replaced
     * verdict.
     */
    private static final String SET = """
            INSERT INTO verdicts AS v
                   (task_id, name, value, score, source, judge, evaluator_version, author, reason, judged_at)
            SELECT task_id, ?::text, ?::text, ?::float8, ?::text, ?::text, ?::text, ?::text, ?::text, clock_timestamp()
              FROM unnest(?::uuid[]) AS judged (task_id)
             WHERE (SELECT count(*)
                      FROM verdicts AS other
                     WHERE other.task_id = judged.task_id
                       AND (other.name, other.source, other.judge) <> (?, ?, ?)) < %d
            ON CONFLICT (task_id, name, source, judge) DO UPDATE
               SET value             = excluded.value,
                   score             = excluded.score,
                   evaluator_version = excluded.evaluator_version,
                   author            = excluded.author,
                   reason            = excluded.reason,
                   tie_breaker       = '',
                   judged_at         = greatest(excluded.judged_at, v.judged_at + interval '1 microsecond'),
                   deleted_at        = NULL
            RETURNING %s
            """.formatted(VerdictRepository.MAX_VERDICTS, VERDICT.columns());

    /** Selects tasks on which the caller's verdict is the same and the newest of its name and source. */
    private static final String UNCHANGED = """
            SELECT task_id
              FROM verdicts AS v
             WHERE task_id = ANY (?)
               AND (name, source, judge) = (?, ?, ?)
               AND (value, score, evaluator_version, author, reason)
                   IS NOT DISTINCT FROM (?::text, ?::float8, ?::text, ?::text, ?::text)
               AND deleted_at IS NULL
               AND NOT EXISTS (SELECT
                                 FROM verdicts AS newer
                                WHERE newer.task_id = v.task_id
                                  AND (newer.name, newer.source) = (v.name, v.source)
                                  AND newer.deleted_at IS NULL
                                  AND (newer.judged_at, newer.judge) > (v.judged_at, v.judge))
            """;

    private static final String DELETE = """
            UPDATE verdicts
               SET deleted_at = now(),
                   reason     = NULL
             WHERE id = ?
               AND task_id = ?
               AND deleted_at IS NULL
            RETURNING %s
            """.formatted(VERDICT.columns());

    private final Database database;

    public VerdictRepository(Database database) {
        this.database = database;
    }

    /**
     * A verdict to set.
     *
     * @param name what is judged
     * @param evaluator the program that judged; null if the author judged
     * @param evaluatorVersion null if unknown, or if the author judged
     */
    public record NewVerdict(
            String name,
            VerdictValue value,
            @Nullable String evaluator,
            @Nullable String evaluatorVersion,
            @Nullable String reason)
            implements BulkChange {
        @Override
        public BulkResult apply(Session session, List<UUID> taskIds, String caller) throws SQLException {
            Set<UUID> unchanged = new HashSet<>(session.sql(
                            UNCHANGED,
                            Sql.array("uuid", taskIds),
                            name,
                            source(),
                            judge(caller),
                            label(),
                            score(),
                            evaluatorVersion,
                            caller,
                            reason)
                    .list(row -> row.getObject("task_id", UUID.class)));
            List<UUID> others =
                    taskIds.stream().filter(id -> !unchanged.contains(id)).toList();
            int changed = set(session, others, caller).size();
            return new BulkResult(taskIds.size(), changed, unchanged.size(), 0, others.size() - changed);
        }

        private String source() {
            return evaluator == null ? "human" : "automatic";
        }

        private String judge(String author) {
            return evaluator == null ? author : evaluator;
        }

        private @Nullable String label() {
            return value instanceof VerdictValue.Label label ? label.wireName() : null;
        }

        private @Nullable Double score() {
            return value instanceof VerdictValue.Score score ? score.number() : null;
        }

        /** Sets the verdict on tasks that this transaction has locked, except those that have too many verdicts. */
        List<StoredVerdict> set(Session session, List<UUID> taskIds, String author) throws SQLException {
            List<StoredVerdict> stored = session.sql(
                            SET,
                            name,
                            label(),
                            score(),
                            source(),
                            judge(author),
                            evaluatorVersion,
                            author,
                            reason,
                            Sql.array("uuid", taskIds),
                            name,
                            source(),
                            judge(author))
                    .list(VERDICT);
            AuditLog.addInTransaction(
                    session,
                    stored.stream()
                            .map(verdict -> entry("set_verdict", verdict, author))
                            .toList());
            return stored;
        }
    }

    /**
     * A stored verdict.
     *
     * @param value {@code pass}, {@code fail} or {@code unclear}; null if the verdict is a score
     * @param score null if the verdict has a value
     * @param source {@code human} or {@code automatic}
     * @param judge the author of a human verdict; the evaluator of an automatic one
     * @param author the subject of the token; null if a recorder sent the verdict
     */
    public record StoredVerdict(
            long id,
            UUID taskId,
            String name,
            @Nullable String value,
            @Nullable Double score,
            String source,
            String judge,
            @Nullable String evaluatorVersion,
            @Nullable String author,
            @Nullable String reason,
            Instant judgedAt) {
        public boolean isHuman() {
            return source.equals("human");
        }

        /** Returns the verdict without its author. The judge of a human verdict is then empty. */
        StoredVerdict withoutAuthor() {
            return new StoredVerdict(
                    id,
                    taskId,
                    name,
                    value,
                    score,
                    source,
                    isHuman() ? "" : judge,
                    evaluatorVersion,
                    null,
                    reason,
                    judgedAt);
        }
    }

    /**
     * Sets a verdict, and records it in the audit log. It replaces the author's verdict of this name or, if it has an
     * evaluator, the evaluator's.
     *
     * @param author the subject of the token
     * @return empty if the task does not exist or was deleted
     * @throws TaskFullException if the task has {@value #MAX_VERDICTS} other verdicts
     */
    public Optional<StoredVerdict> set(UUID taskId, NewVerdict verdict, String author) {
        return database.inTransaction(session -> {
            List<UUID> locked = TaskLocks.lockTasks(session, List.of(taskId), null);
            List<StoredVerdict> stored = verdict.set(session, locked, author);
            if (stored.size() < locked.size()) {
                throw new TaskFullException();
            }
            return stored.stream().findFirst();
        });
    }

    /** Returns a page of a task's verdicts. The verdict whose name and judge are the latest additions is first. */
    public Page<StoredVerdict> page(UUID taskId, @Nullable Long before, int limit) {
        Conditions conditions = new Conditions().and("task_id = ?", taskId).and("deleted_at IS NULL");
        return Page.newestFirst(
                database,
                VERDICT,
                "verdicts",
                conditions,
                before,
                limit,
                verdict -> Page.length(verdict.name(), verdict.judge(), verdict.reason()));
    }

    /**
     * Deletes a verdict, and records the deletion in the audit log. The row remains, so that a message which arrives
     * later with the same verdict does not restore it.
     *
     * @return false if the task has no such verdict
     */
    public boolean delete(UUID taskId, long id, String caller) {
        return TaskChanges.run(database, taskId, session -> {
                    Optional<StoredVerdict> deleted =
                            session.sql(DELETE, id, taskId).first(VERDICT);
                    if (deleted.isPresent()) {
                        AuditLog.addInTransaction(session, entry("delete_verdict", deleted.get(), caller));
                    }
                    return deleted;
                })
                .isPresent();
    }

    private static AuditEntry entry(String action, StoredVerdict verdict, String caller) {
        Object value = verdict.value() == null ? String.valueOf(verdict.score()) : verdict.value();
        return new AuditEntry(
                caller,
                action,
                verdict.taskId(),
                Map.of("verdict_id", verdict.id(), "name", verdict.name(), "source", verdict.source(), "value", value));
    }
}
