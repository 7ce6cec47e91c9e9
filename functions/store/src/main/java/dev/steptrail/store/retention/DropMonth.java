package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.SqlStates;
import dev.steptrail.store.jdbc.TimeLimits;
import dev.steptrail.store.model.Month;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Drops the partitions of a month that is empty. What comes for it later lies in DEFAULT, until the month is made again. Everybody
 * waits meanwhile, some milliseconds; to drop a table that refers to tasks locks tasks too. So it locks all of it first, in the
 * order of everybody else, and waits for a lock no longer than others may wait for it.
 */
public final class DropMonth {
    private static final String LOCK_TASKS = "LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE";
    private static final String LOCK_ROWS =
            "LOCK TABLE ONLY task_steps, ONLY step_screenshots IN ACCESS EXCLUSIVE MODE";
    private static final String IS_EMPTY = "SELECT NOT EXISTS (SELECT FROM %s) AND NOT EXISTS (SELECT FROM %s)";
    private static final String DROP = "DROP TABLE %s, %s";

    private final Database database;
    private final Duration lockTimeout;

    public DropMonth(Database database) {
        this(database, TimeLimits.LOCK_TIMEOUT);
    }

    /** @param lockTimeout how long it waits for what others hold, and others behind it; 2 seconds where it is not told */
    public DropMonth(Database database, Duration lockTimeout) {
        this.database = database;
        this.lockTimeout = lockTimeout;
    }

    /**
     * Drops it.
     *
     * @param most how long a statement may take
     * @return false if it is not empty, or others held it too long: then nothing was changed
     */
    public boolean drop(Month month, Duration most) {
        return database.inTransaction(connection -> {
            try {
                TimeLimits.set(connection, lockTimeout, most);
                if (lockAndDrop(connection, month)) {
                    return true;
                }
            } catch (SQLException e) {
                if (!SqlStates.isOutOfTime(e)) {
                    throw e;
                }
            }
            connection.rollback();
            return false;
        });
    }

    private static boolean lockAndDrop(Connection connection, Month month) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(LOCK_TASKS);
            statement.execute(LOCK_ROWS);
            try (ResultSet row = statement.executeQuery(IS_EMPTY.formatted(month.steps(), month.screenshots()))) {
                row.next();
                if (!row.getBoolean(1)) {
                    return false;
                }
            }
            statement.execute(DROP.formatted(month.steps(), month.screenshots()));
            return true;
        }
    }
}
