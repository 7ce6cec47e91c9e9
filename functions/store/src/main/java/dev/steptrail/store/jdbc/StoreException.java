package dev.steptrail.store.jdbc;

/** An error of Postgres. The message contains the SQLSTATE, but not the message of Postgres, which may quote data. */
public abstract sealed class StoreException extends RuntimeException {
    private StoreException(String message) {
        super(message);
    }

    /** The database is temporarily unavailable; retry later. */
    public static final class Unavailable extends StoreException {
        Unavailable(String sqlState) {
            super("the database is not available (SQLSTATE " + sqlState + ")");
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
