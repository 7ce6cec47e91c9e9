package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.jdbc.SqlStates;
import dev.steptrail.store.jdbc.TimeLimits;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Deletes entries of {@code audit_log} and share links once their retention is over: old months as whole partitions, the rest row by row. */
public final class AccessRetention {
    private static final String PAST_MONTHS = """
            SELECT partition
              FROM generate_series(timestamp '2015-01-01',
                                   (now() AT TIME ZONE 'UTC') - ? * interval '1 second' - interval '1 month',
                                   interval '1 month') AS month
             CROSS JOIN LATERAL (SELECT 'audit_log' || to_char(month, '_YYYY_MM') AS partition) AS name
             WHERE to_regclass(partition) IS NOT NULL
             ORDER BY month
            """;

    private static final String DELETE_ENTRIES = """
            DELETE FROM audit_log
             WHERE at < now() - ? * interval '1 second'
            """;

    private static final String DELETE_SHARE_LINKS = """
            DELETE FROM share_links
             WHERE expires_at < now() - ? * interval '1 second'
            """;

    private final Database database;

    public AccessRetention(Database database) {
        this.database = database;
    }

    /** Returns the partitions of months that ended before the retention began. */
    public List<String> pastMonths(Duration retention) {
        return database.read(connection ->
                Sql.of(connection, PAST_MONTHS, retention.toSeconds()).list(row -> row.getString("partition")));
    }

    /**
     * Drops a partition, which blocks readers and writers of the log for some milliseconds.
     *
     * @param partition one of {@link #pastMonths}
     * @param limit the time limit of the statement
     * @return false if the table was locked for too long; nothing was changed then
     */
    public boolean drop(String partition, Duration limit) {
        return database.inTransaction(connection -> {
            try {
                TimeLimits.set(connection, TimeLimits.LOCK_TIMEOUT, limit);
                Sql.of(connection, "DROP TABLE " + partition).update();
                return true;
            } catch (SQLException e) {
                if (!SqlStates.isTimeout(e)) {
                    throw e;
                }
                connection.rollback();
                return false;
            }
        });
    }

    /** Deletes the entries of the audit log that are older than the retention and returns their number. */
    public int deleteEntries(Duration retention, Duration limit) {
        return delete(DELETE_ENTRIES, retention, limit);
    }

    /** Deletes the share links that expired longer ago than the retention and returns their number. */
    public int deleteShareLinks(Duration retention, Duration limit) {
        return delete(DELETE_SHARE_LINKS, retention, limit);
    }

    private int delete(String sql, Duration retention, Duration limit) {
        return database.inTransaction(connection -> {
            TimeLimits.set(connection, limit);
            return Sql.of(connection, sql, retention.toSeconds()).update();
        });
    }
}
