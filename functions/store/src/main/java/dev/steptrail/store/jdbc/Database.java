package dev.steptrail.store.jdbc;

import dev.steptrail.aws.Log;
import dev.steptrail.aws.Metrics;
import dev.steptrail.aws.Settings;
import dev.steptrail.store.jdbc.Session.Work;
import dev.steptrail.store.jdbc.TransactionRunner.Mode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Runs transactions and queries on one connection to Postgres, which is opened on first use. If the connection is
 * stale, for example after a failover or in a frozen function, it is replaced. No state is kept in the database
 * session, so a transaction pooler may be used. Not thread-safe.
 */
public final class Database implements AutoCloseable {
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration MAX_RESPONSE_TIMEOUT = Duration.ofMinutes(15);

    /** Lambda stops a snapshot hook after 10 s, so hooks do not wait until an Aurora cluster has resumed (15 s). */
    private static final Duration SNAPSHOT_CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** An idle time after which the connection is tested before it is used. */
    private static final Duration TEST_AFTER_IDLE = Duration.ofSeconds(5);

    /** A little longer than the time after which idle sessions of the API end. */
    private static final Duration MAX_CONNECTION_WAIT = Duration.ofSeconds(12);

    private final Connector connector;
    private final TransactionRunner runner;

    /**
     * Creates a database without opening a connection.
     *
     * @param settings the settings of {@link DatabaseLogin}
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    public Database(Settings settings) {
        this(settings, TEST_AFTER_IDLE);
    }

    /** @param testAfterIdle the idle time after which the connection is tested before it is used. Default 5 s. */
    public Database(Settings settings, Duration testAfterIdle) {
        this(settings, testAfterIdle, RESPONSE_TIMEOUT, false);
    }

    private Database(
            Settings settings, Duration testAfterIdle, Duration responseTimeout, boolean usesPreparedStatements) {
        this.connector = new Connector(settings, responseTimeout, usesPreparedStatements);
        this.runner = new TransactionRunner(connector, testAfterIdle);
    }

    /**
     * Returns a database for statements that are often repeated. Uses server-side prepared statements if
     * {@code prepareThreshold} in the URL enables them. Reads with a time limit are planned each time, because a
     * generic plan cannot prune partitions by task id and may sort all steps to find the first fifty. Other statements
     * may use generic plans, which reduce their time by a third.
     */
    public static Database withPreparedStatements(Settings settings) {
        return new Database(settings, TEST_AFTER_IDLE, RESPONSE_TIMEOUT, true);
    }

    /**
     * Opens a connection for schema work, which sets roles and passwords. Auto-commit is off.
     *
     * @param settings the settings of {@link DatabaseLogin}
     * @throws StoreException.Unavailable if no connection can be opened within 25 seconds
     */
    public static Connection connect(Settings settings) {
        try {
            return new Connector(settings, MAX_RESPONSE_TIMEOUT, false).connect(Connector.CONNECT_TIMEOUT);
        } catch (SQLException e) {
            throw SqlStates.translate(e);
        }
    }

    /**
     * Returns whether the server accepts a user and password.
     *
     * @param settings those of {@link DatabaseLogin}, of which only the URL is used
     * @throws StoreException.Unavailable if the database is not available
     */
    public static boolean acceptsLogin(Settings settings, DatabaseLogin.Credentials credentials) {
        Settings login = new Settings(Map.of(
                "STEPTRAIL_DATABASE_URL", settings.required("STEPTRAIL_DATABASE_URL"),
                "STEPTRAIL_DATABASE_USER", credentials.user(),
                "STEPTRAIL_DATABASE_PASSWORD", credentials.password()));
        try (Connection opened = new Connector(login, RESPONSE_TIMEOUT, false).connect(Connector.CONNECT_TIMEOUT)) {
            return opened.isValid((int) TEST_AFTER_IDLE.toSeconds());
        } catch (SQLException e) {
            if (SqlStates.isLoginRejected(e)) {
                return false;
            }
            if (SqlStates.isConnectionLimit(e)) {
                return false; // unknown: a full server rejects a connection before it checks the password
            }
            throw SqlStates.translate(e);
        }
    }

    /** Returns a database for work that may take minutes and that sets statement_timeout. */
    public static Database forMaintenance(Settings settings) {
        return new Database(settings, TEST_AFTER_IDLE, MAX_RESPONSE_TIMEOUT, false);
    }

    /**
     * Opens the connection of a process that was restored from a snapshot. If the database does not respond within 3
     * seconds, returns normally; the first event then connects, with a longer timeout.
     */
    public void openAfterRestore() {
        try {
            runner.open(SNAPSHOT_CONNECT_TIMEOUT);
        } catch (SQLException | RuntimeException e) {
            String failure = Failure.describeDatabaseError(e).orElseGet(() -> Failure.describe(e));
            Log.outsideInvocations().warn("not_connected_after_restore", Map.of("failure", failure));
        }
    }

    /**
     * Sets the deadline at which Postgres cancels running reads, so that reads do not outlive their request. It does
     * not apply to {@link #lookUp}, which is short, or to writes, which set their own timeouts. If the server or the
     * login has no connection left, all work waits for one, for up to 12 seconds and at most until the deadline;
     * without a deadline, such work fails.
     *
     * @param timeout the time from now to the deadline
     */
    public void setReadDeadline(Duration timeout) {
        setReadDeadline(timeout, MAX_CONNECTION_WAIT);
    }

    /**
     * Same as {@link #setReadDeadline(Duration)}, with the time for which a request waits if no connection is left.
     *
     * @param connectionWait at most {@code timeout}; zero if the request must not wait
     */
    public void setReadDeadline(Duration timeout, Duration connectionWait) {
        runner.setDeadlines(timeout, connectionWait);
    }

    /** Runs work in one transaction. */
    public <T> T inTransaction(Work<T> work) {
        return runner.run(work, Mode.WRITE);
    }

    /** Runs work in one transaction, with a timeout for each statement. */
    public <T> T inTransaction(Duration timeout, Work<T> work) {
        return inTransaction(session -> {
            session.setTimeouts(timeout);
            return work.run(session);
        });
    }

    /**
     * Runs work in one transaction. Rolls back if a statement or a lock times out, or if the work returns empty.
     *
     * @param lockTimeout the timeout for each lock
     * @param timeout the timeout for each statement
     * @return the result of the work; empty if the transaction was rolled back
     */
    public <T> Optional<T> tryInTransaction(Duration lockTimeout, Duration timeout, Work<Optional<T>> work) {
        return inTransaction(session -> {
            try {
                session.setTimeouts(timeout, lockTimeout);
                Optional<T> result = work.run(session);
                if (result.isPresent()) {
                    return result;
                }
            } catch (SQLException e) {
                if (!SqlStates.isTimeout(e)) {
                    throw e;
                }
            }
            session.rollback();
            return Optional.empty();
        });
    }

    /** Runs one statement in auto-commit mode, which saves the round trip of a commit. */
    public <T> T inAutoCommit(Work<T> work) {
        return runner.run(work, Mode.WRITE_AUTO_COMMIT);
    }

    /** Reads in one read-only transaction. */
    public <T> T read(Work<T> work) {
        return runner.run(work, Mode.READ);
    }

    /** Reads in auto-commit mode. Statements must not set a fetch size. */
    public <T> T readInAutoCommit(Work<T> work) {
        return runner.run(work, Mode.READ_AUTO_COMMIT);
    }

    /** Reads in auto-commit mode without the read deadline. Use it only for a few rows that an index finds. */
    public <T> T lookUp(Work<T> work) {
        return runner.run(work, Mode.LOOK_UP);
    }

    /**
     * Checks that the database responds.
     *
     * @throws StoreException if it does not
     */
    public void check() {
        readInAutoCommit(session -> session.sql("SELECT 1").hasRows());
    }

    /** Adds the latencies and failures of connection attempts since the last call. */
    public void addMetrics(Metrics metrics) {
        connector.report(metrics);
    }

    @Override
    public void close() {
        runner.close();
    }
}
