package dev.steptrail.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection that is opened on first use, tested after an idle time and replaced if stale. Not thread-safe. */
final class ReconnectingConnection implements AutoCloseable {
    private static final Duration TEST_TIMEOUT = Duration.ofSeconds(2);

    private final Connector connector;
    private final Duration testAfterIdle;
    private @Nullable Connection connection;
    private long lastUsed;

    /** @param testAfterIdle the idle time after which the connection is tested before it is used */
    ReconnectingConnection(Connector connector, Duration testAfterIdle) {
        this.connector = connector;
        this.testAfterIdle = testAfterIdle;
    }

    /** Opens the connection unless it is open. Throws if that takes longer than the timeout. */
    void open(Duration timeout) throws SQLException {
        if (connection == null) {
            connection = connector.connect(timeout);
            markUsed();
        }
    }

    boolean isOpen() {
        return connection != null;
    }

    Connection acquire() throws SQLException {
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

    /** Records a successful use. */
    void markUsed() {
        lastUsed = System.nanoTime();
    }

    /** Rolls the transaction back, or closes the connection if it was lost. */
    void recover(boolean lost) {
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
