package dev.steptrail.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Runs statements on the connection of {@link Database}. Valid until the work that received the session returns. */
public final class Session {
    /** The timeout for locks for which other sessions would queue behind this one. */
    public static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);

    /** Work in one transaction. It may run again after a collision, so it must have no other side effects. */
    public interface Work<T> {
        T run(Session session) throws SQLException;
    }

    private final Connection connection;
    private final @Nullable Long readDeadlineNanos;
    private final boolean usesCustomPlans;

    /** Creates a session on the caller's connection. Its queries have no deadline. */
    public Session(Connection connection) {
        this(connection, null, false);
    }

    /** @param readDeadlineNanos in terms of {@link System#nanoTime}; null if reads have no deadline */
    Session(Connection connection, @Nullable Long readDeadlineNanos) {
        this(connection, readDeadlineNanos, true);
    }

    private Session(Connection connection, @Nullable Long readDeadlineNanos, boolean usesCustomPlans) {
        this.connection = connection;
        this.readDeadlineNanos = readDeadlineNanos;
        this.usesCustomPlans = usesCustomPlans;
    }

    /**
     * Returns a session whose queries use generic plans, for queries that are fast with any plan. Left to itself,
     * Postgres plans a query with {@code = ANY (?)} each time, because it assumes ten elements for the generic plan.
     */
    public Session useGenericPlans() {
        return new Session(connection, readDeadlineNanos, false);
    }

    /** Returns a statement with its parameters, as {@link Sql} binds them. */
    public Sql sql(String text, @Nullable Object... parameters) {
        return new Sql(this, text, parameters);
    }

    /** Runs statements without parameters, such as changes of the schema. Several are separated by semicolons. */
    public void execute(String text) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    /** Returns a quoted literal, for statements that Postgres accepts no parameters in. */
    public String literal(String value) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.enquoteLiteral(value);
        }
    }

    /** Sets the timeout of each later statement of this transaction, including waits for locks. */
    public void setTimeouts(Duration timeout) throws SQLException {
        setTimeouts(timeout, Duration.ZERO);
    }

    /**
     * Sets the timeouts of the later statements of this transaction.
     *
     * @param lockTimeout the maximum wait for a lock; zero if only the statement's timeout applies
     * @throws SQLException with the SQLSTATE of a statement timeout, if {@code timeout} is not positive (to Postgres, 0
     *     means no limit)
     */
    public void setTimeouts(Duration timeout, Duration lockTimeout) throws SQLException {
        sql(
                        "SELECT set_config('statement_timeout', ?, true), set_config('lock_timeout', ?, true)",
                        millis(timeout),
                        String.valueOf(lockTimeout.toMillis()))
                .hasRows();
    }

    /** Returns a timeout as a value for {@code statement_timeout}. Throws if it is not positive. */
    public static String millis(Duration timeout) throws SQLException {
        requireTimeLeft(timeout);
        return String.valueOf(timeout.toMillis());
    }

    private static void requireTimeLeft(Duration timeout) throws SQLException {
        if (timeout.toMillis() <= 0) {
            throw new SQLException("statement timeout: the deadline has passed", "57014");
        }
    }

    /**
     * Returns a statement to run before each query, in the same round trip and transaction; empty without a deadline.
     * It sets the query's timeout and the kind of plans, and leaves no state in the session. It has no parameters, so
     * the positions of the query's parameters do not change. The timeout is in whole seconds, so that the driver's
     * cache of statements is effective.
     */
    String timeoutStatement() throws SQLException {
        if (readDeadlineNanos == null) {
            return "";
        }
        Duration remaining = Duration.ofNanos(readDeadlineNanos - System.nanoTime());
        requireTimeLeft(remaining);
        return "SELECT set_config('statement_timeout', '"
                + remaining.plusMillis(999).toSeconds()
                + "s', true), set_config('plan_cache_mode', '"
                + (usesCustomPlans ? "force_custom_plan" : "force_generic_plan")
                + "', true);\n";
    }

    public void rollback() throws SQLException {
        connection.rollback();
    }

    /** Returns the connection, for features such as COPY. Its queries have no deadline. */
    public Connection connection() {
        return connection;
    }
}
