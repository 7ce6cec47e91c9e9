package dev.steptrail.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs statements on the connection of {@link Database}. Valid until the work that received it ends. */
public final class Session {
    /** The timeout for locks for which other sessions would queue behind this one. */
    public static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);

    private final Connection connection;
    private final @Nullable Long readsEndAt;
    private final boolean plansForParameters;

    /** Creates a session on the caller's connection, whose queries have no time limit. */
    public Session(Connection connection) {
        this(connection, null, false);
    }

    /** @param readsEndAt by {@link System#nanoTime}; null if reads have no limit */
    Session(Connection connection, @Nullable Long readsEndAt) {
        this(connection, readsEndAt, true);
    }

    private Session(Connection connection, @Nullable Long readsEndAt, boolean plansForParameters) {
        this.connection = connection;
        this.readsEndAt = readsEndAt;
        this.plansForParameters = plansForParameters;
    }

    /** Returns a session whose time-limited queries may use generic plans, for queries that are fast with any plan. */
    public Session withGenericPlans() {
        return new Session(connection, readsEndAt, false);
    }

    /** Returns a statement with its parameters, as {@link Sql} binds them. */
    public Sql sql(String text, @Nullable Object... parameters) {
        return new Sql(this, text, parameters);
    }

    /** Runs a statement once per row, in one round trip. */
    public <R> void batch(String text, Collection<R> rows, Function<R, @Nullable Object[]> parameters)
            throws SQLException {
        try (var statement = connection.prepareStatement(text)) {
            for (R row : rows) {
                Sql.bind(statement, parameters.apply(row));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** Limits the time of each later statement of this transaction, including waits. */
    public void limitStatements(Duration limit) throws SQLException {
        limitStatements(limit, Duration.ZERO);
    }

    /**
     * Limits the later statements of this transaction, and how long they wait for a lock.
     *
     * @param lock the maximum wait for a lock; zero if only the statement's limit applies
     * @throws SQLException as for a statement that timed out, if no time is left: 0 would be no limit
     */
    public void limitStatements(Duration limit, Duration lock) throws SQLException {
        sql(
                        "SELECT set_config('statement_timeout', ?, true), set_config('lock_timeout', ?, true)",
                        millis(limit),
                        String.valueOf(lock.toMillis()))
                .exists();
    }

    /**
     * Returns a limit as the parameter of a statement that sets {@code statement_timeout}. Throws if no time is left.
     */
    public static String millis(Duration limit) throws SQLException {
        requireTimeLeft(limit);
        return String.valueOf(limit.toMillis());
    }

    private static void requireTimeLeft(Duration limit) throws SQLException {
        if (limit.toMillis() <= 0) {
            throw new SQLException("no time is left", "57014");
        }
    }

    /**
     * Returns the statement that precedes each query, in the same round trip and transaction; empty if queries have no
     * limit. It limits the query's time and disables generic plans, and leaves no state in the session. It contains no
     * parameter, so the positions of the query's parameters do not change, and whole seconds, so the driver's statement
     * cache contains the text.
     */
    String queryLimit() throws SQLException {
        if (readsEndAt == null) {
            return "";
        }
        Duration left = Duration.ofNanos(readsEndAt - System.nanoTime());
        requireTimeLeft(left);
        return "SELECT set_config('statement_timeout', '" + left.plusMillis(999).toSeconds() + "s', true)"
                + (plansForParameters ? ", set_config('plan_cache_mode', 'force_custom_plan', true);\n" : ";\n");
    }

    public void rollback() throws SQLException {
        connection.rollback();
    }

    /** Returns the connection, for features such as COPY. Its queries have no time limit. */
    public Connection connection() {
        return connection;
    }
}
