package dev.steptrail.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is being opened, on a thread of its own, before anybody needs it: what a function makes ready meanwhile takes as
 * long.
 */
final class EarlyConnection implements AutoCloseable {
    private static final Duration A_WHILE = Duration.ofSeconds(2);

    private final CompletableFuture<Opened> opening;

    /** @param at when it was open, by {@link System#nanoTime} */
    record Opened(Connection connection, long at) {}

    private EarlyConnection(CompletableFuture<Opened> opening) {
        this.opening = opening;
    }

    static EarlyConnection open(MeasuredConnector connector) {
        return new EarlyConnection(CompletableFuture.supplyAsync(() -> opened(connector), EarlyConnection::start));
    }

    private static Opened opened(MeasuredConnector connector) {
        try {
            return new Opened(connector.connect(), System.nanoTime());
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "early-connection");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Waits for it.
     *
     * @return null if it has failed, so that to try again is right: before, or at once, as one does that was frozen with its function
     * @throws SQLException if it fails after a while: who waited so long has no time for another
     */
    @Nullable
    Opened await() throws SQLException {
        long begun = System.nanoTime();
        try {
            return opening.join();
        } catch (CompletionException e) {
            boolean waited = System.nanoTime() - begun > A_WHILE.toNanos();
            if (waited && e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            return null;
        }
    }

    /** Closes it, as soon as it is open. */
    @Override
    public void close() {
        CompletableFuture<Void> unused = opening.thenAccept(opened -> HeldConnection.closeQuietly(opened.connection()));
    }
}
