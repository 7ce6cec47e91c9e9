package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.SqlStates;
import dev.steptrail.store.jdbc.TimeLimits;
import dev.steptrail.store.model.MonthPartition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Makes a month of a table, with the rows of it that lie in the DEFAULT partition. All of it is done, or nothing: readers
 * see every row at every time, and a row is in one place. Writers wait while rows are copied, readers while they are taken
 * out of DEFAULT and the month takes their place. It waits for each lock no longer than is given, since all others wait
 * behind it, and tries again a little later.
 */
public final class MakeMonth {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int ATTEMPTS = 3;

    private static final String SQL = "SELECT create_month_partition(?, ?)";

    private final Database database;
    private final Duration lockTimeout;
    private final Duration pause;

    public MakeMonth(Database database) {
        this(database, TimeLimits.LOCK_TIMEOUT, PAUSE);
    }

    /** @param pause between two tries; half of it to one and a half, by chance */
    MakeMonth(Database database, Duration lockTimeout, Duration pause) {
        this.database = database;
        this.lockTimeout = lockTimeout;
        this.pause = pause;
    }

    /**
     * Makes it, unless it is there.
     *
     * @param remaining how long it may still take
     * @return how many rows came out of DEFAULT; or nothing, if others held the table each time, or time ran out: then
     *     nothing was changed, and to try again later is right
     */
    public OptionalLong make(MonthPartition month, Supplier<Duration> remaining) {
        for (int attempt = 1; ; attempt++) {
            Duration most = remaining.get();
            if (most.toMillis() <= 0) {
                return OptionalLong.empty();
            }
            OptionalLong moved = database.inTransaction(connection -> once(connection, month, most));
            if (moved.isPresent() || attempt == ATTEMPTS) {
                return moved;
            }
            sleep();
        }
    }

    private OptionalLong once(Connection connection, MonthPartition month, Duration most) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            TimeLimits.set(connection, lockTimeout, most);
            statement.setString(1, month.table());
            statement.setObject(2, month.month());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return OptionalLong.of(row.getLong(1));
            }
        } catch (SQLException e) {
            if (!SqlStates.isOutOfTime(e)) {
                throw e;
            }
            connection.rollback();
            return OptionalLong.empty();
        }
    }

    private void sleep() {
        long most = pause.toMillis();
        try {
            TimeUnit.MILLISECONDS.sleep(most / 2 + ThreadLocalRandom.current().nextLong(most + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
