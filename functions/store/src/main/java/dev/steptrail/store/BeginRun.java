package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * May this work begin, or is somebody at it? One run of a kind is under way at a time: the row of it that has not ended keeps
 * others away, and a lock that ends with the transaction keeps two from making that row at once. A run that never ended is
 * held dead after 16 minutes, since no function lives longer than 15, and counts as failed.
 */
public final class BeginRun {
    private static final String LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('steptrail maintenance', 0))";

    private static final String BURY = """
            UPDATE maintenance_runs
               SET outcome  = 'failed',
                   ended_at = now()
             WHERE kind = ?
               AND outcome IS NULL
               AND started_at < now() - interval '16 minutes'
            """;

    private static final String INSERT = """
            INSERT INTO maintenance_runs (kind)
            SELECT ?
             WHERE NOT EXISTS (SELECT FROM maintenance_runs WHERE kind = ? AND outcome IS NULL)
            RETURNING id
            """;

    private final Database database;

    public BeginRun(Database database) {
        this.database = database;
    }

    /**
     * Begins a run.
     *
     * @param kind such as {@code partitions}
     * @return its id, for {@link EndRun}; nothing, if another one is under way
     */
    public OptionalLong of(String kind) {
        return database.inTransaction(connection -> {
            if (!isAlone(connection)) {
                return OptionalLong.empty();
            }
            try (PreparedStatement bury = connection.prepareStatement(BURY);
                    PreparedStatement insert = connection.prepareStatement(INSERT)) {
                bury.setString(1, kind);
                bury.executeUpdate();
                insert.setString(1, kind);
                insert.setString(2, kind);
                try (ResultSet row = insert.executeQuery()) {
                    return row.next() ? OptionalLong.of(row.getLong("id")) : OptionalLong.empty();
                }
            }
        });
    }

    private static boolean isAlone(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK);
                ResultSet row = lock.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }
}
