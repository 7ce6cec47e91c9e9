package dev.steptrail.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection, opened when it is needed, and kept for as long as it serves: one that nobody used for a while is asked for a sign
 * of life first, and replaced where it gives none. Not thread-safe.
 */
final class HeldConnection implements AutoCloseable {
    private static final Duration TEST_TIMEOUT = Duration.ofSeconds(2);

    private final MeasuredConnector connector;
    private final Duration trusted;
    private @Nullable Connection connection;
    private long lastUsed;

    /** @param trusted how long after its last use it needs no test */
    HeldConnection(MeasuredConnector connector, Duration trusted) {
        this.connector = connector;
        this.trusted = trusted;
    }

    /** Opens it within this time, unless it is open. */
    void open(Duration limit) throws SQLException {
        if (connection == null) {
            connection = connector.connect(limit);
            used();
        }
    }

    boolean isOpen() {
        return connection != null;
    }

    Connection usable() throws SQLException {
        Connection open = connection;
        if (open != null && System.nanoTime() - lastUsed > trusted.toNanos()) {
            if (!open.isValid((int) TEST_TIMEOUT.toSeconds())) {
                close();
                open = null;
            }
        }
        if (open == null) {
            open = connector.connect();
            connection = open;
        }
        return open;
    }

    /** That it served now. */
    void used() {
        lastUsed = System.nanoTime();
    }

    /** Leaves either a connection without a transaction, or none. */
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
                // Then it is lost as well.
            }
        }
        close();
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            closeQuietly(open);
        }
    }

    static void closeQuietly(Connection open) {
        try {
            open.close();
        } catch (SQLException goneAlready) {
            // It is of no more use either way.
        }
    }
}
