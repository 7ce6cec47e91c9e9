package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * May this work begin, or is somebody at it, or was it done just now? One run of a kind is under way at a time: the row of it that has not ended keeps
 * others away, and a lock that ends with the transaction keeps two from making that row at once. A run that never ended is
 * held dead after 16 minutes, since no function lives longer than 15, and counts as failed. The next run goes on where it began. Runs are remembered for a year.
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

    /** Those of a year are kept, and the last one of each kind, however old: it tells where to go on. */
    private static final String FORGET = """
            DELETE FROM maintenance_runs AS r
             WHERE r.kind = ?
               AND r.started_at < now() - interval '400 days'
               AND EXISTS (SELECT
                             FROM maintenance_runs AS later
                            WHERE later.kind = r.kind
                              AND later.started_at > r.started_at)
            """;

    private static final String INSERT = """
            WITH last AS (
                SELECT outcome, ended_at, resume_at
                  FROM maintenance_runs
                 WHERE kind = ?
                 ORDER BY started_at DESC, id DESC
                 LIMIT 1
            )
            INSERT INTO maintenance_runs (kind, resume_at)
            SELECT ?,
                   (SELECT resume_at FROM last)
             WHERE NOT EXISTS (SELECT
                                 FROM last
                                WHERE outcome IS NULL
                                   OR     outcome IN ('done', 'partly_done')
                                      AND resume_at IS NULL
                                      AND ended_at > now() - ? * interval '1 second')
            RETURNING id,
                      resume_at
            """;

    private final Database database;

    public BeginRun(Database database) {
        this.database = database;
    }

    /**
     * A run that has begun.
     *
     * @param id for {@link EndRun}
     * @param resumeAt where the last one left off, in the job's own words; null if it left nothing
     */
    public record Run(long id, @Nullable String resumeAt) {}

    /**
     * Begins a run.
     *
     * @param kind such as {@code partitions}
     * @param pause how long nothing of this kind is to be done after a run that left nothing, whole seconds
     * @return nothing, if another one is under way or it is too early
     */
    public Optional<Run> of(String kind, Duration pause) {
        return database.inTransaction(connection -> {
            if (!isAlone(connection)) {
                return Optional.empty();
            }
            try (PreparedStatement bury = connection.prepareStatement(BURY);
                    PreparedStatement forget = connection.prepareStatement(FORGET);
                    PreparedStatement insert = connection.prepareStatement(INSERT)) {
                bury.setString(1, kind);
                bury.executeUpdate();
                forget.setString(1, kind);
                forget.executeUpdate();
                insert.setString(1, kind);
                insert.setString(2, kind);
                insert.setLong(3, pause.toSeconds());
                try (ResultSet row = insert.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Run(row.getLong("id"), row.getString("resume_at")))
                            : Optional.empty();
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
