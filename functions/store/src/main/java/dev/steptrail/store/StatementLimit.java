package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** Has Postgres give up a statement of this transaction that takes longer than its caller lives. */
final class StatementLimit {
    private static final String SQL = "SELECT set_config('statement_timeout', ?, true)";

    private StatementLimit() {}

    /** @throws SQLException as of a statement that was given up, if no time is left: 0 would be no bound, and less is refused */
    static void in(Connection connection, Duration limit) throws SQLException {
        if (limit.toMillis() <= 0) {
            throw new SQLException("no time is left", "57014");
        }
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, String.valueOf(limit.toMillis()));
            statement.execute();
        }
    }
}
