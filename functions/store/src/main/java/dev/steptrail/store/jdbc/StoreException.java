package dev.steptrail.store.jdbc;

/**
 * An error of Postgres. The message contains the SQLSTATE. It contains the message of Postgres only if no connection
 * could be opened, because other messages may quote data.
 */
public abstract sealed class StoreException extends RuntimeException {
    private StoreException(String message) {
        super(message);
    }

    /** The database is temporarily unavailable; retry later. */
    public static final class Unavailable extends StoreException {
        private final boolean isTimeout;

        /** @param failure the SQLSTATE, which may be followed by a message without data */
        Unavailable(String failure) {
            super("the database is not available (SQLSTATE " + failure + ")");
            this.isTimeout = SqlStates.isTimeout(failure);
        }

        /** Returns whether a lock was not granted in time, or a statement took too long. */
        public boolean isTimeout() {
            return isTimeout;
        }
    }

    /** Postgres rejected the data; a retry would fail too. */
    public static final class DataRejected extends StoreException {
        private final String sqlState;

        DataRejected(String sqlState) {
            super("the database rejected the data (SQLSTATE " + sqlState + ")");
            this.sqlState = sqlState;
        }

        /** The <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">SQLSTATE</a>. */
        public String sqlState() {
            return sqlState;
        }
    }
}
