package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.PageReader;
import dev.steptrail.store.model.StepColumns;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What did maintenance do, newest first? */
public final class ListRuns {
    private static final String SQL = """
            SELECT id,
                   kind,
                   started_at,
                   ended_at,
                   outcome,
                   resume_at,
                   counts::text
              FROM maintenance_runs
             WHERE id < ?
            %s ORDER BY id DESC
             LIMIT ?
            """;

    private final Database database;

    public ListRuns(Database database) {
        this.database = database;
    }

    /**
     * A run of a job.
     *
     * @param outcome {@code done}, {@code partly_done}, {@code out_of_time} or {@code failed}; null while it runs
     * @param resumeAt where the next run goes on; null where nothing was left
     * @param counts what it did, a JSON object
     */
    public record Run(
            long id,
            String kind,
            Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String outcome,
            @Nullable String resumeAt,
            String counts) {}

    /**
     * A page of the list.
     *
     * @param kind of which job, or null for all
     * @param before the id with which the page before ended, or null for the first
     * @param limit at least 1
     */
    public Page<Run> page(@Nullable String kind, @Nullable Long before, int limit) {
        Conditions conditions = new Conditions().and("kind = ?", kind);
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL.formatted(conditions.sql()))) {
                statement.setLong(1, before == null ? Long.MAX_VALUE : before);
                statement.setInt(conditions.bind(statement, 2), limit + 1);
                return PageReader.read(
                        statement, limit, ListRuns::run, run -> PageReader.length(run.resumeAt(), run.counts()));
            }
        });
    }

    private static Run run(ResultSet row) throws SQLException {
        return new Run(
                row.getLong("id"),
                row.getString("kind"),
                StepColumns.requiredTime(row, "started_at"),
                StepColumns.time(row, "ended_at"),
                row.getString("outcome"),
                row.getString("resume_at"),
                row.getString("counts"));
    }
}
