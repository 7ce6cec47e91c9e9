package dev.steptrail.store.jdbc;

import dev.steptrail.store.jdbc.Session.Work;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs work on a connection, with retries and deadlines. The connection is opened on first use, tested after an idle
 * time and replaced if stale. Not thread-safe.
 */
final class TransactionRunner implements AutoCloseable {
    private static final Duration TEST_TIMEOUT = Duration.ofSeconds(2);
    private static final int ATTEMPTS = 4;
    private static final Duration BASE_PAUSE = Duration.ofMillis(20);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(2);

    /** Whether work reads or writes, has the read deadline, and runs in auto-commit mode. */
    enum Mode {
        WRITE(false, false, false),
        WRITE_AUTO_COMMIT(false, false, true),
        READ(true, true, false),
        READ_AUTO_COMMIT(true, true, true),
        LOOK_UP(true, false, true);

        private final boolean isReadOnly;
        private final boolean hasDeadline;
        private final boolean isAutoCommit;

        Mode(boolean isReadOnly, boolean hasDeadline, boolean isAutoCommit) {
            this.isReadOnly = isReadOnly;
            this.hasDeadline = hasDeadline;
            this.isAutoCommit = isAutoCommit;
        }
    }

    private final Connector connector;
    private final Duration testAfterIdle;
    private @Nullable Connection connection;
    private long lastUsed;
    private @Nullable Long readDeadlineNanos;
    private @Nullable Long connectionDeadlineNanos;

    /** @param testAfterIdle the idle time after which the connection is tested before it is used */
    TransactionRunner(Connector connector, Duration testAfterIdle) {
        this.connector = connector;
        this.testAfterIdle = testAfterIdle;
    }

    /** Opens the connection unless it is open. Throws if that takes longer than the timeout. */
    void open(Duration timeout) throws SQLException {
        if (connection == null) {
            connection = connector.connect(timeout);
            lastUsed = System.nanoTime();
        }
    }

    /**
     * Sets the deadlines of reads and of waiting for a connection. Default none.
     *
     * @param timeout the time from now to the deadline of reads
     * @param connectionWait the time for which work waits if no connection is left, limited to {@code timeout}
     */
    void setDeadlines(Duration timeout, Duration connectionWait) {
        long now = System.nanoTime();
        readDeadlineNanos = now + timeout.toNanos();
        connectionDeadlineNanos = now + Math.min(timeout.toNanos(), connectionWait.toNanos());
    }

    /**
     * Runs work. Retries it with back-off after a collision, after a lost connection, and until the connection deadline
     * while no connection is left.
     *
     * @throws StoreException if the last attempt fails
     */
    <T> T run(Work<T> work, Mode mode) {
        boolean replaced = false;
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(work, mode);
            } catch (SQLException e) {
                boolean lost = SqlStates.isConnectionLost(e);
                // If the server is down, or the connection is lost twice, the caller decides whether to retry.
                boolean replaceable = lost && connection != null && !replaced;
                boolean isRetryable = (SqlStates.isCollision(e) || replaceable) && attempt < ATTEMPTS;
                replaced |= replaceable;
                recover(lost);
                Duration pause = pause(attempt);
                if (!isRetryable && !mayWaitForConnection(e, pause)) {
                    if (SqlStates.isConnectionLimit(e)) {
                        connector.countFailure();
                    }
                    throw SqlStates.translate(e);
                }
                sleep(pause);
            } catch (RuntimeException | Error e) {
                recover(false);
                throw e;
            }
        }
    }

    private <T> T attempt(Work<T> work, Mode mode) throws SQLException {
        Connection open = acquire();
        if (open.isReadOnly() != mode.isReadOnly) {
            open.setReadOnly(mode.isReadOnly);
        }
        boolean autoCommit = mode.isAutoCommit;
        T result;
        try {
            if (autoCommit) {
                open.setAutoCommit(true);
            }
            result = work.run(new Session(open, mode.hasDeadline ? readDeadlineNanos : null));
        } finally {
            if (autoCommit) {
                open.setAutoCommit(false);
            }
        }
        if (!autoCommit) {
            open.commit();
        }
        lastUsed = System.nanoTime();
        return result;
    }

    private Connection acquire() throws SQLException {
        Connection open = connection;
        if (open != null && System.nanoTime() - lastUsed > testAfterIdle.toNanos()) {
            if (!open.isValid((int) TEST_TIMEOUT.toSeconds())) {
                close();
                open = null;
            }
        }
        if (open == null) {
            open = connector.connect(Connector.CONNECT_TIMEOUT);
            connection = open;
        }
        return open;
    }

    /** Returns whether no connection is left, and the deadline allows another attempt after the pause. */
    private boolean mayWaitForConnection(SQLException e, Duration pause) {
        return SqlStates.isConnectionLimit(e)
                && !Thread.currentThread().isInterrupted()
                && connectionDeadlineNanos != null
                && connectionDeadlineNanos - System.nanoTime() > pause.toNanos();
    }

    /** Returns a random time that grows with each attempt. A generator in a snapshot would repeat itself. */
    private static Duration pause(int attempt) {
        long max = Math.min(BASE_PAUSE.toMillis() << Math.min(attempt, 10), MAX_PAUSE.toMillis());
        return Duration.ofMillis(new SecureRandom().nextLong(max / 2, max));
    }

    private static void sleep(Duration pause) {
        try {
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Rolls the transaction back, or closes the connection if it was lost. */
    private void recover(boolean lost) {
        Connection open = connection;
        if (open == null) {
            return;
        }
        if (!lost) {
            try {
                open.rollback();
                return;
            } catch (SQLException e) {
                // A failed rollback means that the connection is lost.
            }
        }
        close();
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                // The connection is not used again.
            }
        }
    }
}
