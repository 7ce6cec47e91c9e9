package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/**
 * Creates and drops the monthly partitions of {@code task_steps}, {@code step_screenshots} and {@code audit_log}. Both
 * operations take ACCESS EXCLUSIVE locks. Other sessions queue behind a waiting lock request, so the lock timeout
 * (default 2 s) limits each wait.
 */
public final class PartitionRepository {
    /**
     * Selects the current month, the next three, and each month since 2015 with rows in DEFAULT. Rows of other times,
     * or whose task ids are not UUIDs of version 7, stay in DEFAULT, so that a sender cannot create thousands of
     * partitions.
     */
    private static final String FIND_MISSING = """
            WITH months AS (
                SELECT month::date AS month,
                       month >= date_trunc('month', now() AT TIME ZONE 'UTC')              AS is_ahead,
                       month AT TIME ZONE 'UTC'                                            AS start,
                       (month + interval '1 month') AT TIME ZONE 'UTC'                     AS after,
                       min_task_id_at(month AT TIME ZONE 'UTC')                            AS low,
                       min_task_id_at((month + interval '1 month') AT TIME ZONE 'UTC')     AS high
                  FROM generate_series(timestamp '2015-01-01',
                                       (now() AT TIME ZONE 'UTC') + interval '3 months',
                                       interval '1 month') AS month)
            SELECT parent AS "table", month
              FROM months
             CROSS JOIN (VALUES ('task_steps', 1), ('step_screenshots', 2), ('audit_log', 3)) AS parents (parent, place)
             WHERE to_regclass(parent || to_char(month, '_YYYY_MM')) IS NULL
               AND (   is_ahead
                    OR parent <> 'audit_log'
                       AND (   EXISTS (SELECT FROM task_steps_default
                                        WHERE task_id >= low AND task_id < high AND substr(task_id::text, 15, 1) = '7')
                            OR EXISTS (SELECT FROM step_screenshots_default
                                        WHERE task_id >= low AND task_id < high AND substr(task_id::text, 15, 1) = '7'))
                    OR parent = 'audit_log'
                       AND EXISTS (SELECT FROM audit_log_default WHERE at >= start AND at < after))
             ORDER BY is_ahead DESC, month, place
            """;

    /** A month without archived tasks is kept, because it was created in advance or for an import. */
    private static final String FIND_TO_DROP = """
            WITH months AS (
                SELECT month::date AS first_day,
                       min_task_id_at(month AT TIME ZONE 'UTC')                          AS low,
                       min_task_id_at((month + interval '1 month') AT TIME ZONE 'UTC')   AS high
                  FROM generate_series(timestamp '2015-01-01',
                                       (now() AT TIME ZONE 'UTC') - ? * interval '1 second' - interval '1 month',
                                       interval '1 month') AS month
                 WHERE to_regclass('task_steps'       || to_char(month, '_YYYY_MM')) IS NOT NULL
                   AND to_regclass('step_screenshots' || to_char(month, '_YYYY_MM')) IS NOT NULL)
            SELECT first_day
              FROM months
             WHERE EXISTS (SELECT FROM archives WHERE task_id >= low AND task_id < high AND state = 'archived')
               AND NOT EXISTS (SELECT FROM task_steps       WHERE task_id >= low AND task_id < high)
               AND NOT EXISTS (SELECT FROM step_screenshots WHERE task_id >= low AND task_id < high)
             ORDER BY first_day
            """;

    /** Dropping a table with a foreign key to tasks also locks tasks. Writers lock tasks first, so a drop must too. */
    private static final String LOCK_TASKS = "LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE";

    private static final String LOCK_PARENTS =
            "LOCK TABLE ONLY task_steps, ONLY step_screenshots IN ACCESS EXCLUSIVE MODE";

    private static final String IS_EMPTY = "SELECT NOT EXISTS (SELECT FROM %s) AND NOT EXISTS (SELECT FROM %s)";
    private static final String DROP = "DROP TABLE %s, %s";

    private final Database database;
    private final Duration lockTimeout;

    public PartitionRepository(Database database) {
        this(database, Session.LOCK_TIMEOUT);
    }

    /** @param lockTimeout the maximum wait for each lock */
    public PartitionRepository(Database database, Duration lockTimeout) {
        this.database = database;
        this.lockTimeout = lockTimeout;
    }

    /**
     * A partition for a month.
     *
     * @param table such as {@code task_steps}
     * @param month the first day of the month
     */
    public record MonthPartition(String table, LocalDate month) {
        private static final DateTimeFormatter SUFFIX = DateTimeFormatter.ofPattern("_yyyy_MM");

        /** Returns the partition's name in Postgres, such as {@code task_steps_2026_03}. */
        public String name() {
            return table + month.format(SUFFIX);
        }
    }

    /** The tasks of a month, by the timestamps in their ids. The month's partitions contain all their steps. */
    public record Month(LocalDate firstDay) {
        String steps() {
            return new MonthPartition("task_steps", firstDay).name();
        }

        String screenshots() {
            return new MonthPartition("step_screenshots", firstDay).name();
        }

        @Override
        public String toString() {
            return YearMonth.from(firstDay).toString();
        }
    }

    /** Returns the partitions to create: those of the current and future months first. */
    public List<MonthPartition> findMissing() {
        return database.read(session -> session.sql(FIND_MISSING).list(RecordMapper.of(MonthPartition.class)));
    }

    /**
     * Creates a partition unless it exists, and moves its rows out of DEFAULT, in one transaction. Writers wait while
     * rows are copied. Readers wait while the rows are deleted from DEFAULT and the partition is attached.
     *
     * @param timeout the timeout of each statement
     * @return the number of moved rows; empty, without changing anything, if a lock or a statement timed out
     */
    public Optional<Long> create(MonthPartition month, Duration timeout) {
        return database.tryInTransaction(
                lockTimeout,
                timeout,
                session -> Optional.of(session.sql("SELECT create_month_partition(?, ?)", month.table(), month.month())
                        .single(row -> row.getLong(1))));
    }

    /** Returns the months past the retention whose rows were all archived and deleted. */
    public List<Month> findToDrop(Duration retention) {
        return database.read(
                session -> session.sql(FIND_TO_DROP, retention.toSeconds()).list(RecordMapper.of(Month.class)));
    }

    /**
     * Drops the partitions of an empty month. Rows that arrive later go to DEFAULT.
     *
     * @param timeout the timeout of each statement
     * @return false, without changing anything, if the month is not empty or a lock timed out
     */
    public boolean dropMonth(Month month, Duration timeout) {
        return database.tryInTransaction(lockTimeout, timeout, session -> {
                    session.sql(LOCK_TASKS).update();
                    session.sql(LOCK_PARENTS).update();
                    // An index scan skips rows that were just deleted; the heap still contains all of them.
                    session.sql("SET LOCAL enable_seqscan = off").update();
                    String isEmpty = IS_EMPTY.formatted(month.steps(), month.screenshots());
                    if (!session.sql(isEmpty).single(row -> row.getBoolean(1))) {
                        return Optional.empty();
                    }
                    session.sql(DROP.formatted(month.steps(), month.screenshots()))
                            .update();
                    return Optional.of(month);
                })
                .isPresent();
    }
}
