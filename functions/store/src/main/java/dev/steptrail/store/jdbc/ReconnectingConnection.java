package dev.steptrail.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection that is opened on first use, tested after an idle time and replaced if stale. Not thread-safe. */
final class ReconnectingConnection implements AutoCloseable {
    private static final Duration TEST_TIMEOUT = Duration.ofSeconds(2);

    private final Connector connector;
    private final Duration trusted;
    private @Nullable Connection connection;
    private long lastUsed;

    /** @param trusted the period after the last use in which the connection is not tested */
    ReconnectingConnection(Connector connector, Duration trusted) {
        this.connector = connector;
        this.trusted = trusted;
    }

    /** Opens the connection within this time, unless it is open. */
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
        if (open != null && System.nanoTime() - lastUsed > trusted.toNanos()) {
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
                // The connection is lost too.
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
