package dev.steptrail.store.roles;

import dev.steptrail.aws.Settings;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;

/**
 * A lock that only one migration of a database holds, from the creation of the roles to the last password. Held by a
 * transaction on a separate connection, so that a transaction pooler may be used.
 */
public final class MigrationLock {
    /** Leaves the waiting migration enough of its function's timeout. */
    private static final String WAIT = "SET LOCAL lock_timeout = '90s'";

    /** The maximum timeout of a Lambda function, after which the server releases the lock of a lost connection. */
    private static final String LIMIT = "SET LOCAL idle_in_transaction_session_timeout = '15min'";

    private static final String LOCK =
            "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('steptrail migration', 0))";

    private MigrationLock() {}

    /**
     * Waits until no other migration of the database runs, for up to 90 seconds. Then does the work, and releases the
     * lock.
     *
     * @param settings those of {@link dev.steptrail.store.jdbc.DatabaseLogin}
     * @return the result of the work
     * @throws IllegalStateException if another migration is still running
     * @throws dev.steptrail.store.jdbc.StoreException.Unavailable if the database is not available
     */
    public static <T> T runExclusively(Settings settings, Supplier<T> work) {
        Connection connection = Database.connect(settings);
        try {
            lock(new Session(connection));
            return work.get();
        } finally {
            release(connection);
        }
    }

    private static void lock(Session session) {
        try {
            session.execute(WAIT);
            session.execute(LIMIT);
            session.execute(LOCK);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    SqlStates.isTimeout(e)
                            ? "another migration of this database is still running; deploy again when it has ended"
                            : "cannot lock the database for the migration (SQLSTATE " + e.getSQLState() + ", "
                                    + e.getMessage() + ")");
        }
    }

    private static void release(Connection connection) {
        try (connection) {
            connection.rollback();
        } catch (SQLException e) {
            // The server has ended the session, and with it the lock.
        }
    }
}
