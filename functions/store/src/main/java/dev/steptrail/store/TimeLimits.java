package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** Bounds for this transaction how long it waits for a lock, since others wait behind it, and how long a statement runs. */
final class TimeLimits {
    static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);

    private static final String SQL =
            "SELECT set_config('lock_timeout', ?, true), set_config('statement_timeout', ?, true)";

    private TimeLimits() {}

    static void set(Connection connection, Duration lock, Duration statement) throws SQLException {
        try (PreparedStatement limits = connection.prepareStatement(SQL)) {
            limits.setString(1, String.valueOf(lock.toMillis()));
            limits.setString(2, String.valueOf(Math.max(1, statement.toMillis()))); // 0 would be no bound
            limits.execute();
        }
    }
}
