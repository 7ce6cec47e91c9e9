package dev.steptrail.store.admin;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.JsonColumn;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes and reads the audit log, which records changes and reads of tasks. */
public final class AuditLog {
    private static final RecordMapper<AuditRow> ROW = RecordMapper.of(AuditRow.class);

    private static final String INSERT = """
            INSERT INTO audit_log (caller, action, task_id, task_owner, detail)
            SELECT a.caller, a.action, a.task_id, t.owner, a.detail::jsonb
              FROM unnest(?::text[], ?::text[], ?::uuid[], ?::text[]) WITH ORDINALITY
                   AS a (caller, action, task_id, detail, position)
              LEFT JOIN tasks AS t ON t.task_id = a.task_id
             ORDER BY position
            """;

    private static final String INSERT_READS = """
            INSERT INTO audit_log (caller, action, task_id, task_owner)
            SELECT ?, ?, t.task_id, t.owner
              FROM unnest(?::uuid[], ?::text[]) AS t (task_id, owner)
            """;

    private static final String INSERT_DOWNLOAD = """
            INSERT INTO audit_log (caller, action, task_owner, detail)
            VALUES (?, 'download_export', ?, jsonb_build_object('export', ?::text))
            """;

    /** The entry's owner is the owner of the message's task; if the task is unknown, the sender's owner. */
    private static final String INSERT_REJECTED_READ = """
            INSERT INTO audit_log (caller, action, task_id, task_owner, detail)
            SELECT ?, 'read_rejected', r.task_id, coalesce(t.owner, r.owner),
                   jsonb_build_object('id', r.id, 'sender_id', r.sender_id)
              FROM rejected_messages AS r
              LEFT JOIN tasks AS t USING (task_id)
             WHERE r.id = ?
            """;

    private static final String LIST = """
            SELECT %s
              FROM audit_log
             WHERE (at, id) < (?, ?)
            %%s ORDER BY at DESC, id DESC
             LIMIT ?
            """.formatted(ROW.columns());

    private static final String FIND_EXPIRED = """
            SELECT partition
              FROM generate_series(timestamp '2015-01-01',
                                   (now() AT TIME ZONE 'UTC') - ? * interval '1 second' - interval '1 month',
                                   interval '1 month') AS month
             CROSS JOIN LATERAL (SELECT 'audit_log' || to_char(month, '_YYYY_MM') AS partition) AS name
             WHERE to_regclass(partition) IS NOT NULL
             ORDER BY month
            """;

    private static final String DELETE_EXPIRED = """
            DELETE FROM audit_log
             WHERE at < now() - ? * interval '1 second'
               AND (at, id) IN (
                       SELECT at, id
                         FROM audit_log
                        WHERE at < now() - ? * interval '1 second'
                        LIMIT ?)
            """;

    /** Sorts after every row, so that a list from here starts with the newest row. */
    private static final Key AFTER_ALL_ROWS = new Key(Instant.parse("9999-12-31T23:59:59.999999Z"), Long.MAX_VALUE);

    /** The first query reads only this period, which fills most pages: each further partition costs planning time. */
    private static final Duration FIRST_QUERY_PERIOD = Duration.ofDays(31);

    private static final Duration MAX_CLOCK_SKEW = Duration.ofDays(1);

    private final Database database;

    public AuditLog(Database database) {
        this.database = database;
    }

    /**
     * An entry to add.
     *
     * @param caller the {@code sub} of a token
     * @param action such as {@code register_agent}
     * @param taskId null if the action concerns no task
     * @param detail must not contain data of steps
     */
    public record AuditEntry(
            String caller, String action, @Nullable UUID taskId, Map<String, ?> detail) {}

    /**
     * A row of the log.
     *
     * @param caller the {@code sub} of a token, or {@code share:<id>} for a share link
     * @param detail a JSON object
     */
    public record AuditRow(
            Instant at,
            long id,
            String caller,
            String action,
            @Nullable UUID taskId,
            @Nullable String taskOwner,
            @Nullable String detail) {}

    /** The position of a row in the list. */
    public record Key(Instant at, long id) {}

    /**
     * Filters rows. A null field matches all rows.
     *
     * @param taskOwner the owner of the tasks
     * @param caller the {@code sub} of a token, or {@code share:<id>} for a share link
     * @param action such as {@code read_steps}
     * @param since the earliest time, inclusive
     * @param until the upper bound of the time, exclusive
     */
    public record Filter(
            @Nullable String taskOwner,
            @Nullable String caller,
            @Nullable String action,
            @Nullable UUID taskId,
            @Nullable Instant since,
            @Nullable Instant until) {
        private Filter withSince(Instant earliest) {
            return new Filter(taskOwner, caller, action, taskId, earliest, until);
        }
    }

    /** Adds an entry in the transaction of the audited change. */
    public static void addInTransaction(Session session, AuditEntry entry) throws SQLException {
        addInTransaction(session, List.of(entry));
    }

    /** Adds entries in the transaction of the audited changes, in this order. */
    public static void addInTransaction(Session session, List<AuditEntry> entries) throws SQLException {
        if (entries.isEmpty()) {
            return;
        }
        session.sql(
                        INSERT,
                        Sql.column("text", entries, AuditEntry::caller),
                        Sql.column("text", entries, AuditEntry::action),
                        Sql.column("uuid", entries, AuditEntry::taskId),
                        Sql.column("text", entries, entry -> JsonColumn.write(entry.detail())))
                .update();
    }

    /** Adds an entry in a separate transaction, for an action that changes no other row. */
    public void add(AuditEntry entry) {
        database.inTransaction(session -> {
            addInTransaction(session, entry);
            return entry;
        });
    }

    /**
     * Records a read of tasks, one row per task.
     *
     * @param owners the owner of each task
     */
    public void recordReads(String caller, String action, Map<UUID, String> owners) {
        database.inAutoCommit(session -> session.sql(
                        INSERT_READS,
                        caller,
                        action,
                        Sql.array("uuid", owners.keySet()),
                        Sql.array("text", owners.values()))
                .update());
    }

    /**
     * Records that a caller got the URL of an export of many tasks. The export function records the reads of the tasks
     * when it writes the file, so the number of tasks does not matter here.
     *
     * @param taskOwner the owner of the tasks; null if the tasks may belong to any owner
     * @param key the key of the file
     */
    public void recordDownload(String caller, @Nullable String taskOwner, String key) {
        database.inAutoCommit(
                session -> session.sql(INSERT_DOWNLOAD, caller, taskOwner, key).update());
    }

    /**
     * Records that an admin read a rejected message.
     *
     * @return false if the message does not exist
     */
    public boolean recordRejectedRead(String caller, long id) {
        return database.inAutoCommit(
                session -> session.sql(INSERT_REJECTED_READ, caller, id).update() == 1);
    }

    /** Returns a page of the log, newest first. */
    public Page<AuditRow> page(Filter filter, @Nullable Key before, int limit) {
        if (filter.since() == null) {
            Key from = before == null ? new Key(Instant.now().plus(MAX_CLOCK_SKEW), Long.MAX_VALUE) : before;
            Page<AuditRow> recent = list(filter.withSince(from.at().minus(FIRST_QUERY_PERIOD)), from, limit);
            if (recent.hasMore()) {
                return recent;
            }
        }
        return list(filter, before == null ? AFTER_ALL_ROWS : before, limit);
    }

    private Page<AuditRow> list(Filter filter, Key from, int limit) {
        Conditions conditions = new Conditions()
                .and("task_owner = ?", filter.taskOwner())
                .and("caller = ?", filter.caller())
                .and("action = ?", filter.action())
                .and("task_id = ?", filter.taskId())
                .and("at >= ?", filter.since())
                .and("at < ?", filter.until());
        return Page.read(database, limit, session -> session.sql(
                        LIST.formatted(conditions.sql()), from.at(), from.id(), conditions, limit + 1)
                .page(limit, ROW, row -> Page.length(row.detail())));
    }

    /** Returns the names of the monthly partitions whose rows are all older than the retention. */
    public List<String> findExpiredPartitions(Duration retention) {
        return database.read(
                session -> session.sql(FIND_EXPIRED, retention.toSeconds()).list(row -> row.getString("partition")));
    }

    /**
     * Drops a partition. This blocks readers and writers of the log for some milliseconds.
     *
     * @param partition one of {@link #findExpiredPartitions}
     * @param timeout the timeout of the statement
     * @return false, without changing anything, if the lock or the statement timed out
     */
    public boolean dropPartition(String partition, Duration timeout) {
        return database.tryInTransaction(Session.LOCK_TIMEOUT, timeout, session -> {
                    session.sql("DROP TABLE " + partition).update();
                    return Optional.of(partition);
                })
                .isPresent();
    }

    /**
     * Deletes up to {@code max} rows that are older than the retention.
     *
     * @param timeout the timeout of the statement
     * @return the number of deleted rows, fewer than {@code max} if no more are due; empty, without deleting anything,
     *     if a lock or the statement timed out
     */
    public Optional<Integer> deleteExpired(Duration retention, int max, Duration timeout) {
        return database.tryInTransaction(
                Session.LOCK_TIMEOUT,
                timeout,
                session -> Optional.of(session.sql(DELETE_EXPIRED, retention.toSeconds(), retention.toSeconds(), max)
                        .update()));
    }
}
