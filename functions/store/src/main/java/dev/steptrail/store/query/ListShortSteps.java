package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.ShortStep;
import dev.steptrail.store.model.StepColumns;
import dev.steptrail.store.model.StepOutcome;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/** What do the steps of this task say, in so many characters each? */
public final class ListShortSteps {
    /** Postgres cuts, so that a task of gigabytes comes as the megabytes that are shown of it. */
    private static final String SQL = """
            SELECT step_number,
                   created_at,
                   step_type,
                   left(NULLIF((step_data -> 'action')::text, 'null'), ?) AS action,
                   duration_ms,
                   %s AS went_well,
                   left(%s, ?) AS error,
                   left(thinking, ?) AS thinking
              FROM task_steps
             WHERE task_id = ?
               AND step_number > ?
             ORDER BY step_number
             LIMIT ?
            """.formatted(StepOutcome.WENT_WELL, StepOutcome.ERROR);

    private static final int AT_ONCE = 500;

    private final Database database;

    public ListShortSteps(Database database) {
        this.database = database;
    }

    /**
     * Shows all steps in the order of their numbers, some hundreds at a time: those that arrive meanwhile may be among them.
     *
     * @param most characters of a text
     * @param visitor answers whether to go on
     */
    public void each(UUID taskId, int most, Predicate<ShortStep> visitor) {
        int after = 0;
        List<ShortStep> steps;
        do {
            steps = next(taskId, most, after);
            for (ShortStep step : steps) {
                if (!visitor.test(step)) {
                    return;
                }
                after = step.stepNumber();
            }
        } while (steps.size() == AT_ONCE);
    }

    private List<ShortStep> next(UUID taskId, int most, int after) {
        return database.readOnce(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setInt(1, most);
                statement.setInt(2, most);
                statement.setInt(3, most);
                statement.setObject(4, taskId);
                statement.setInt(5, after);
                statement.setInt(6, AT_ONCE);
                List<ShortStep> steps = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        steps.add(step(rows));
                    }
                }
                return steps;
            }
        });
    }

    private static ShortStep step(ResultSet row) throws SQLException {
        return new ShortStep(
                row.getInt("step_number"),
                StepColumns.requiredTime(row, "created_at"),
                row.getString("step_type"),
                row.getString("action"),
                row.getObject("duration_ms", Long.class),
                row.getObject("went_well", Boolean.class),
                row.getString("error"),
                row.getString("thinking"));
    }
}
