package dev.steptrail.store.insights;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import org.jspecify.annotations.Nullable;

/** Is there a text of which maintenance knows so many runs that ended that they may teach something? */
public final class HasEnoughRuns {
    private static final String SQL = """
            SELECT EXISTS (SELECT
                             FROM run_digests AS d
                             JOIN tasks AS t USING (task_id)
                            WHERE d.task_text <> ''
                              AND coalesce(t.archived_status, t.status) IN ('succeeded', 'failed', 'abandoned')
            %s                GROUP BY d.owner, d.task_text
                           HAVING count(*) >= ?) AS has_enough
            """;

    private final Database database;

    public HasEnoughRuns(Database database) {
        this.database = database;
    }

    /**
     * Whether there is.
     *
     * @param owner of whose runs; null for anybody's
     * @param taskText of which text, as {@link dev.steptrail.insights.TaskText} makes it; null for any
     * @param least how many are enough
     */
    public boolean of(@Nullable String owner, @Nullable String taskText, int least) {
        Conditions conditions = new Conditions().and("d.owner = ?", owner).and("d.task_text = ?", taskText);
        return database.readOnce(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL.formatted(conditions.sql()))) {
                statement.setInt(conditions.bind(statement, 1), least);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getBoolean("has_enough");
                }
            }
        });
    }
}
