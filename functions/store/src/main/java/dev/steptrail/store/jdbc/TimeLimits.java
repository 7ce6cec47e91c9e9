package dev.steptrail.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Bounds for this transaction how long a statement of it runs, and how long it waits for a lock, since others wait behind it. */
public final class TimeLimits {
    public static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);

    private static final String SQL =
            "SELECT set_config('statement_timeout', ?, true), set_config('lock_timeout', ?, true)";

    private TimeLimits() {}

    /** Has Postgres give up a statement that takes longer than its caller lives, be it for waiting. */
    public static void set(Connection connection, Duration statement) throws SQLException {
        set(connection, Duration.ZERO, statement);
    }

    /**
     * The same, and less for a lock.
     *
     * @param lock no bound of its own where it is zero
     * @throws SQLException as of a statement that was given up, if no time is left: 0 would be no bound, and less is refused
     */
    public static void set(Connection connection, Duration lock, Duration statement) throws SQLException {
        if (statement.toMillis() <= 0) {
            throw new SQLException("no time is left", "57014");
        }
        Sql.of(connection, SQL, String.valueOf(statement.toMillis()), String.valueOf(lock.toMillis()))
                .exists();
    }
}
