package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.JsonText;
import java.sql.PreparedStatement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes down how a run of maintenance ended; others of its kind may begin from then on. */
public final class EndRun {
    private static final String SQL = """
            UPDATE maintenance_runs
               SET ended_at  = clock_timestamp(),
                   outcome   = ?,
                   resume_at = ?,
                   counts    = ?::jsonb
             WHERE id = ?
               AND outcome IS NULL
            """;

    private final Database database;

    public EndRun(Database database) {
        this.database = database;
    }

    /**
     * Ends it.
     *
     * @param outcome {@code done}, {@code partly_done}, {@code out_of_time} or {@code failed}
     * @param resumeAt where the next run goes on; null where nothing is left
     */
    public void with(long id, String outcome, @Nullable String resumeAt, Map<String, ?> counts) {
        String json = JsonText.of(counts);
        database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setString(1, outcome);
                statement.setString(2, resumeAt);
                statement.setString(3, json);
                statement.setLong(4, id);
                return statement.executeUpdate();
            }
        });
    }
}
