package dev.steptrail.store.jdbc;

import dev.steptrail.aws.AwsClients;
import dev.steptrail.aws.Log;
import dev.steptrail.aws.Metrics;
import dev.steptrail.aws.Settings;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection to Postgres, opened when first needed and kept for as long as it serves. One that went stale (a restart, a
 * failover, a frozen function) is noticed and replaced within the call. Needs no state in the session, so a pooler by
 * transactions may stand between. Not thread-safe: a function's instance handles one event at a time and has its own.
 */
public final class Database implements AutoCloseable {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    /** As long as Lambda lets a function live. */
    private static final Duration LONGEST_ANSWER_TIMEOUT = Duration.ofMinutes(15);

    /** Lambda ends a hook after 10 seconds, and an Aurora cluster may take 15 to resume. */
    private static final Duration SNAPSHOT_CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** Enough for the JVM to compile what connecting with TLS needs, so that the first event runs compiled code. */
    private static final int REHEARSALS = 10;

    private static final Duration REHEARSALS_TIMEOUT = Duration.ofSeconds(10);

    /** A connection that was used a moment ago needs no test. */
    private static final Duration TRUSTED = Duration.ofSeconds(5);

    private static final int ATTEMPTS = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);

    private final MeasuredConnector connector;
    private final HeldConnection connection;
    private @Nullable Long readsEndAt;
    private boolean rehearsing;

    /**
     * Nothing is opened yet.
     *
     * @param settings as {@link DatabaseLogin} takes them
     * @throws IllegalArgumentException naming the setting that is missing or wrong
     */
    public Database(Settings settings) {
        this(settings, TRUSTED);
    }

    /** @param trusted how long after its last use a connection needs no test */
    public Database(Settings settings, Duration trusted) {
        this(settings, trusted, ANSWER_TIMEOUT, false);
    }

    private Database(Settings settings, Duration trusted, Duration answerTimeout, boolean prepares) {
        this.connector = new MeasuredConnector(new Connector(settings, answerTimeout, prepares));
        this.connection = new HeldConnection(connector, trusted);
    }

    /**
     * For who asks the same again and again: Postgres keeps these statements, where {@code prepareThreshold} in the URL says that it may. It plans
     * them anew each time, since a plan for whichever task cannot know in which month its steps are, and may sort all of them to find the first
     * fifty. What is written in a transaction is not planned anew: foreign keys are checked by such plans, row by row.
     */
    public static Database forReaders(Settings settings) {
        return new Database(settings, TRUSTED, ANSWER_TIMEOUT, true);
    }

    /** For work that may take minutes in Postgres, and that sets itself a statement_timeout. */
    public static Database forMaintenance(Settings settings) {
        return new Database(settings, TRUSTED, LONGEST_ANSWER_TIMEOUT, false);
    }

    /**
     * Runs work ten times before a snapshot of this process is taken (SnapStart), so that the snapshot contains the classes and the compiled code
     * that it needs. Each run has a connection of its own and one transaction, which is rolled back. No run starts after 10 seconds. Afterwards
     * the role's credentials are forgotten. Returns normally in any case: without the work where the database does not answer within 3 seconds, so that a
     * version can be published while it is down.
     */
    public void rehearse(Runnable work) {
        try {
            long end = System.nanoTime() + REHEARSALS_TIMEOUT.toNanos();
            for (int i = 0; i < REHEARSALS && System.nanoTime() < end; i++) {
                connection.open(SNAPSHOT_CONNECT_TIMEOUT);
                rehearsing = true;
                work.run();
                rehearsing = false;
                close();
            }
        } catch (SQLException | RuntimeException | LinkageError e) {
            Log.outsideInvocations()
                    .warn(
                            "not_rehearsed",
                            Map.of("failure", Failure.ofDatabase(e).orElseGet(() -> Failure.describe(e))));
        } finally {
            rehearsing = false;
            readsEndAt = null;
            close();
            connector.clear();
            AwsClients.forgetCredentials();
        }
    }

    /**
     * Opens the connection of a process that was restored from a snapshot. Returns normally where the database does not answer within 3
     * seconds: then the first event connects, which may wait for longer.
     */
    public void openAfterRestore() {
        try {
            connection.open(SNAPSHOT_CONNECT_TIMEOUT);
        } catch (SQLException e) {
            Log.outsideInvocations()
                    .warn(
                            "not_connected_after_restore",
                            Map.of("failure", Failure.ofDatabase(e).orElseGet(() -> Failure.describe(e))));
        }
    }

    /**
     * Has Postgres itself give up what is read from now on, once so long has passed from now, so that nothing goes on that nobody
     * waits for. What is only looked up is over at once, and has no limit. What is written is not bounded by it: who writes for long sets a limit of their own.
     */
    public void readWithin(Duration most) {
        readsEndAt = System.nanoTime() + most.toNanos();
    }

    /** What is done within one transaction. It may be begun anew, so it changes nothing but the database. */
    public interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    private enum Mode {
        WRITE,
        WRITE_ONCE,
        READ,
        READ_ONCE,
        LOOK_UP;

        boolean readsOnly() {
            return this == READ || this == READ_ONCE || this == LOOK_UP;
        }

        boolean isLimited() {
            return this == READ || this == READ_ONCE;
        }

        boolean isOneStatement() {
            return this == WRITE_ONCE || this == READ_ONCE || this == LOOK_UP;
        }
    }

    /** Does it in one transaction: all of it is committed, or nothing. */
    public <T> T inTransaction(Work<T> work) {
        return repeatedly(work, Mode.WRITE);
    }

    /** Does it by one statement, which is a transaction by itself: to end one takes a round trip. */
    public <T> T once(Work<T> work) {
        return repeatedly(work, Mode.WRITE_ONCE);
    }

    /** Reads in one transaction that cannot write. */
    public <T> T read(Work<T> work) {
        return repeatedly(work, Mode.READ);
    }

    /** Reads by statements each of which is a transaction by itself, as {@link #once} does: so none fetches rows by and by. */
    public <T> T readOnce(Work<T> work) {
        return repeatedly(work, Mode.READ_ONCE);
    }

    /** Reads as {@link #readOnce} does, but without a limit of time: what an index leads to, in a number that is bounded. */
    public <T> T lookUp(Work<T> work) {
        return repeatedly(work, Mode.LOOK_UP);
    }

    /**
     * Asks for a sign of life.
     *
     * @throws StoreException if there is none
     */
    public void check() {
        readOnce(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.execute("SELECT 1");
            }
        });
    }

    /** Tells how connecting went since this was last asked; nothing if the connection there was served. */
    public void tell(Metrics metrics) {
        connector.tell(metrics);
    }

    @Override
    public void close() {
        connection.close();
    }

    private <T> T repeatedly(Work<T> work, Mode mode) {
        boolean replaced = false;
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(work, mode);
            } catch (SQLException e) {
                boolean lost = SqlStates.isConnectionLost(e);
                // A server that is not there, or goes a second time, is for whoever called to wait for.
                boolean replaceable = lost && connection.isOpen() && !replaced;
                boolean worthAnother = SqlStates.isCollision(e) || replaceable;
                replaced |= replaceable;
                connection.recover(lost);
                if (!worthAnother || attempt == ATTEMPTS) {
                    throw SqlStates.translate(e);
                }
                pause(attempt);
            } catch (RuntimeException | Error e) {
                connection.recover(false);
                throw e;
            }
        }
    }

    private <T> T attempt(Work<T> work, Mode mode) throws SQLException {
        Connection open = connection.usable();
        if (!rehearsing && open.isReadOnly() != mode.readsOnly()) {
            open.setReadOnly(mode.readsOnly());
        }
        Connection given = mode.isLimited() ? limited(open) : open;
        if (mode == Mode.WRITE) {
            Connector.keepPlansOfTransaction(open);
        }
        T result = mode.isOneStatement() && !rehearsing ? alone(work, open, given) : ended(work, open, given);
        connection.used();
        return result;
    }

    private Connection limited(Connection open) {
        Long end = readsEndAt;
        return end == null ? open : LimitedReads.of(open, () -> Duration.ofNanos(end - System.nanoTime()));
    }

    private <T> T ended(Work<T> work, Connection open, Connection given) throws SQLException {
        T result = work.in(given);
        if (!rehearsing) {
            open.commit();
        }
        return result;
    }

    private static <T> T alone(Work<T> work, Connection open, Connection given) throws SQLException {
        open.setAutoCommit(true);
        try {
            return work.in(given);
        } finally {
            open.setAutoCommit(false);
        }
    }

    /** Waits for a random time that grows with each attempt. The randomness must not come from a snapshot, which many processes share. */
    private static void pause(int attempt) {
        long most = FIRST_PAUSE.toMillis() << attempt;
        try {
            TimeUnit.MILLISECONDS.sleep(new SecureRandom().nextLong(most));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
