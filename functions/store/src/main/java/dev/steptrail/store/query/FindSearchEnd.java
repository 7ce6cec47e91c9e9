package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.StepFilter;
import dev.steptrail.store.model.StepOutcome;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How far in this task may one search for text look, which has to read all that it looks through? */
public final class FindSearchEnd {
    /** To look through a megabyte takes some 6 ms, and a text that nearly matches everywhere makes it a hundred times more. */
    static final int MAX_BYTES = 8 * 1024 * 1024;

    static final int MAX_STEPS = 10_000;

    /** How long a text is Postgres knows without reading it. */
    private static final String SQL = """
            SELECT step_number
              FROM (SELECT step_number,
                           row_number() OVER in_order AS steps,
                           sum(coalesce(octet_length(thinking), 0) + %4$s) OVER in_order AS bytes
                      FROM task_steps
                     WHERE task_id = ?
                       AND step_number %2$s ?
                    %3$sWINDOW in_order AS (ORDER BY step_number %1$s)) AS looked_through
             WHERE bytes >= ?
                OR steps = ?
             ORDER BY step_number %1$s
             LIMIT 1
            """;

    private final Database database;

    public FindSearchEnd(Database database) {
        this.database = database;
    }

    /**
     * The number of the last step that it looks at; empty where it comes to the task's end.
     *
     * @param after the number behind which it begins, or null for the first page
     */
    public Optional<Integer> of(UUID taskId, StepFilter filter, boolean ascending, @Nullable Integer after) {
        Conditions conditions = filter.withoutText().conditions();
        String sql = SQL.formatted(
                ascending ? "ASC" : "DESC", ascending ? ">" : "<", conditions.sql(), StepOutcome.BYTES_FOR_ERROR);
        return database.readOnce(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setObject(1, taskId);
                statement.setLong(2, after != null ? after : ascending ? 0 : Long.MAX_VALUE);
                int next = conditions.bind(statement, 3);
                statement.setInt(next, MAX_BYTES);
                statement.setInt(next + 1, MAX_STEPS);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(row.getInt("step_number")) : Optional.empty();
                }
            }
        });
    }
}
