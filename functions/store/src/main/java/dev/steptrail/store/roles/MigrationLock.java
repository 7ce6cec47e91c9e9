package dev.steptrail.store.roles;

import dev.steptrail.aws.Settings;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * A lock that only one migration of a database holds, from the creation of the roles to the last password. Held by a
 * transaction on a separate connection, so that a transaction pooler may be used.
 */
public final class MigrationLock {
    /** Longer than the timeout of the function. The server then releases the lock of a lost connection. */
    private static final String LIMIT = "SET LOCAL idle_in_transaction_session_timeout = '5min'";

    private static final String LOCK =
            "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('steptrail migration', 0))";

    private MigrationLock() {}

    /** Thrown if another migration of the database is still running. */
    public static final class BusyException extends IllegalStateException {
        private BusyException() {
            super("another migration of this database is still running; deploy again when it has ended");
        }
    }

    /**
     * Waits until no other migration of the database runs. Then does the work, and releases the lock.
     *
     * @param settings those of {@link dev.steptrail.store.jdbc.DatabaseLogin}
     * @param wait the maximum time to wait
     * @return the result of the work
     * @throws BusyException if another migration is still running
     * @throws dev.steptrail.store.jdbc.StoreException.Unavailable if the database is not available
     */
    public static <T> T runExclusively(Settings settings, Duration wait, Supplier<T> work) {
        Connection connection = Database.connect(settings);
        try {
            lock(new Session(connection), wait);
            return work.get();
        } finally {
            release(connection);
        }
    }

    private static void lock(Session session, Duration wait) {
        try {
            session.execute("SET LOCAL lock_timeout = " + Math.max(wait.toMillis(), 1));
            session.execute(LIMIT);
            session.execute(LOCK);
        } catch (SQLException e) {
            if (SqlStates.isTimeout(e)) {
                throw new BusyException();
            }
            throw new IllegalStateException("cannot lock the database for the migration (SQLSTATE " + e.getSQLState()
                    + ", " + e.getMessage() + ")");
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
