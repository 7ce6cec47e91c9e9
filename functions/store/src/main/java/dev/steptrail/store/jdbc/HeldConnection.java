package dev.steptrail.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection, opened when it is needed or before, and kept for as long as it serves: one that nobody used for a while is asked for a sign
 * of life first, and replaced where it gives none. Not thread-safe.
 */
final class HeldConnection implements AutoCloseable {
    private static final Duration TEST_TIMEOUT = Duration.ofSeconds(2);

    private final MeasuredConnector connector;
    private final Duration trusted;
    private @Nullable EarlyConnection early;
    private @Nullable Connection connection;
    private long lastUsed;

    /** @param trusted how long after its last use it needs no test */
    HeldConnection(MeasuredConnector connector, Duration trusted) {
        this.connector = connector;
        this.trusted = trusted;
    }

    /** Begins to open it. */
    void openEarly() {
        early = EarlyConnection.open(connector);
    }

    boolean isOpen() {
        return connection != null;
    }

    Connection usable() throws SQLException {
        takeEarly();
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

    private void takeEarly() throws SQLException {
        EarlyConnection opening = early;
        early = null;
        EarlyConnection.Opened opened = opening == null ? null : opening.await();
        if (opened != null) {
            connection = opened.connection();
            lastUsed = opened.at();
        }
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
        EarlyConnection opening = early;
        early = null;
        if (opening != null) {
            opening.close();
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
