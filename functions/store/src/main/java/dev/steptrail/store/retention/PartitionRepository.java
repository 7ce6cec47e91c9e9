package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Creates and drops the monthly partitions of {@code task_steps}, {@code step_screenshots} and {@code audit_log}. This
 * takes ACCESS EXCLUSIVE locks, and statements of other sessions queue behind a waiting one. The lock timeout therefore
 * limits each wait. Default 2 s.
 */
public final class PartitionRepository {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int ATTEMPTS = 3;

    /**
     * Selects the current month, the next three, and each month since 2015 with rows in DEFAULT. Task ids with other
     * times, or that are not UUIDs of version 7, get no partition; otherwise a sender could cause thousands of
     * partitions.
     */
    private static final String FIND_MISSING = """
            WITH months AS (
                SELECT month::date AS month,
                       month >= date_trunc('month', now() AT TIME ZONE 'UTC')              AS is_ahead,
                       month AT TIME ZONE 'UTC'                                            AS start,
                       (month + interval '1 month') AT TIME ZONE 'UTC'                     AS after,
                       least_task_id_at(month AT TIME ZONE 'UTC')                          AS low,
                       least_task_id_at((month + interval '1 month') AT TIME ZONE 'UTC')   AS high
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

    private static final String FIND_PAST = """
            WITH months AS (
                SELECT month::date AS first_day,
                       least_task_id_at(month AT TIME ZONE 'UTC')                        AS low,
                       least_task_id_at((month + interval '1 month') AT TIME ZONE 'UTC') AS high
                  FROM generate_series(timestamp '2015-01-01',
                                       (now() AT TIME ZONE 'UTC') - ? * interval '1 second' - interval '1 month',
                                       interval '1 month') AS month
                 WHERE to_regclass('task_steps'       || to_char(month, '_YYYY_MM')) IS NOT NULL
                   AND to_regclass('step_screenshots' || to_char(month, '_YYYY_MM')) IS NOT NULL)
            SELECT first_day
              FROM months
             WHERE EXISTS (SELECT FROM archives WHERE task_id >= low AND task_id < high AND state = '%s')
               AND %s
             ORDER BY first_day
            """;

    private static final String FIND_TO_EMPTY =
            FIND_PAST.formatted("stored", """
            NOT EXISTS (SELECT FROM tasks AS t WHERE task_id >= low AND task_id < high AND NOT %s)
            """.formatted(RetentionRules.MAY_LOSE_ITS_ROWS));

    /** A month without archived tasks is kept, because it was created in advance or for an import. */
    private static final String FIND_TO_DROP = FIND_PAST.formatted("archived", """
                NOT EXISTS (SELECT FROM task_steps       WHERE task_id >= low AND task_id < high)
            AND NOT EXISTS (SELECT FROM step_screenshots WHERE task_id >= low AND task_id < high)
            """);

    /** Dropping a table with a foreign key to tasks locks tasks too. Writers also lock tasks first. */
    private static final String LOCK_TASKS = "LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE";

    private static final String LOCK_PARENTS =
            "LOCK TABLE ONLY task_steps, ONLY step_screenshots IN ACCESS EXCLUSIVE MODE";

    private static final String IS_EMPTY = "SELECT NOT EXISTS (SELECT FROM %s) AND NOT EXISTS (SELECT FROM %s)";
    private static final String DROP = "DROP TABLE %s, %s";

    private final Database database;
    private final Duration lockTimeout;
    private final Duration pause;

    public PartitionRepository(Database database) {
        this(database, Session.LOCK_TIMEOUT);
    }

    /** @param lockTimeout how long to wait for each lock */
    public PartitionRepository(Database database, Duration lockTimeout) {
        this(database, lockTimeout, PAUSE);
    }

    /** @param pause the mean time between two attempts to create a partition */
    PartitionRepository(Database database, Duration lockTimeout, Duration pause) {
        this.database = database;
        this.lockTimeout = lockTimeout;
        this.pause = pause;
    }

    /**
     * A partition for a month.
     *
     * @param table such as {@code task_steps}
     * @param month its first day
     */
    public record MonthPartition(String table, LocalDate month) {
        private static final DateTimeFormatter SUFFIX = DateTimeFormatter.ofPattern("_yyyy_MM");

        /** Returns its name in Postgres, such as {@code task_steps_2026_03}. */
        public String name() {
            return table + month.format(SUFFIX);
        }
    }

    /** A month of tasks, by the timestamps in their ids. Its partitions contain all rows of these tasks. */
    public record Month(LocalDate firstDay) {
        private static final int BITS_AFTER_MILLIS = 16;

        String steps() {
            return new MonthPartition("task_steps", firstDay).name();
        }

        String screenshots() {
            return new MonthPartition("step_screenshots", firstDay).name();
        }

        UUID firstId() {
            return new UUID(bitsAt(firstDay), 0);
        }

        UUID lastId() {
            return new UUID(bitsAt(firstDay.plusMonths(1)) - 1, -1);
        }

        private static long bitsAt(LocalDate day) {
            return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli() << BITS_AFTER_MILLIS;
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
     * @param remaining returns the remaining time
     * @return the number of moved rows; empty if no attempt got its locks, or time ran out. Nothing was changed then;
     *     retry later
     */
    public Optional<Long> create(MonthPartition month, Supplier<Duration> remaining) {
        for (int attempt = 1; ; attempt++) {
            Duration limit = remaining.get();
            if (limit.toMillis() <= 0) {
                return Optional.empty();
            }
            Optional<Long> moved = database.tryInTransaction(
                    lockTimeout,
                    limit,
                    session ->
                            Optional.of(session.sql("SELECT create_month_partition(?, ?)", month.table(), month.month())
                                    .one(row -> row.getLong(1))));
            if (moved.isPresent() || attempt == ATTEMPTS) {
                return moved;
            }
            sleep();
        }
    }

    private void sleep() {
        long mean = pause.toMillis();
        try {
            TimeUnit.MILLISECONDS.sleep(mean / 2 + ThreadLocalRandom.current().nextLong(mean + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Returns the months past the retention whose tasks are all archived in the bucket, and that still contain rows.
     */
    public List<Month> findToEmpty(Duration retention) {
        return database.read(session -> session.sql(FIND_TO_EMPTY, retention.toSeconds(), retention.toSeconds())
                .list(RecordMapper.of(Month.class)));
    }

    /** Returns the months past the retention that retention has emptied. */
    public List<Month> findToDrop(Duration retention) {
        return database.read(
                session -> session.sql(FIND_TO_DROP, retention.toSeconds()).list(RecordMapper.of(Month.class)));
    }

    /**
     * Drops the partitions of an empty month. Rows that arrive later go to DEFAULT.
     *
     * @param limit the maximum time of a statement
     * @return false if the month is not empty or a lock was not granted; nothing was changed then
     */
    public boolean drop(Month month, Duration limit) {
        return database.tryInTransaction(lockTimeout, limit, session -> {
                    session.sql(LOCK_TASKS).update();
                    session.sql(LOCK_PARENTS).update();
                    String isEmpty = IS_EMPTY.formatted(month.steps(), month.screenshots());
                    if (!session.sql(isEmpty).one(row -> row.getBoolean(1))) {
                        return Optional.empty();
                    }
                    session.sql(DROP.formatted(month.steps(), month.screenshots()))
                            .update();
                    return Optional.of(month);
                })
                .isPresent();
    }
}
