package dev.steptrail.store.jdbc;

/**
 * Postgres did not do what it was asked. The message tells the SQLSTATE and never quotes data; the messages of Postgres
 * themselves do, and are left out.
 */
public abstract sealed class StoreException extends RuntimeException {
    private StoreException(String message) {
        super(message);
    }

    /** The database cannot be reached or cannot work now. The same call may succeed later; its data is not to blame. */
    public static final class Unavailable extends StoreException {
        Unavailable(String sqlState) {
            super("the database is not available (SQLSTATE " + sqlState + ")");
        }
    }

    /** Postgres refused these data, and would refuse them again. */
    public static final class Refused extends StoreException {
        private final String sqlState;

        Refused(String sqlState) {
            super("the database refused it (SQLSTATE " + sqlState + ")");
            this.sqlState = sqlState;
        }

        /** The <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">error code</a> of five characters. */
        public String sqlState() {
            return sqlState;
        }
    }
}
