package dev.steptrail.store;

import dev.steptrail.store.TaskSummary.LostScreenshots;
import dev.steptrail.store.TaskSummary.StepError;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** How did the steps of this task go? */
public final class SummariseTask {
    /** A list in a summary ends here. */
    public static final int MAX_LISTED = 1000;

    /** What the messages of errors may take together, in UTF-8: with the task itself they must fit into one answer. */
    static final int MAX_ERROR_BYTES = 1024 * 1024;

    private static final String STEPS = """
            SELECT step_number,
                   step_type,
                   action_name,
                   duration_ms,
                   NOT success OR error_message IS NOT NULL AS has_error,
                   lost_screenshots
              FROM task_steps
             WHERE task_id = ?
            """;

    /** So many rows are fetched at a time: a task may have a million. */
    private static final int ROWS_AT_ONCE = 10_000;

    private static final String ERRORS = """
            SELECT step_number,
                   left(error_message, 2000) AS error_message
              FROM task_steps
             WHERE task_id = ?
               AND (NOT success OR error_message IS NOT NULL)
             ORDER BY step_number
             LIMIT 1000
            """;

    private final Database database;

    public SummariseTask(Database database) {
        this.database = database;
    }

    /** The summary, all zeros and empty for a task without steps. */
    public TaskSummary of(Task task) {
        return database.read(connection -> {
            StepFigures figures = new StepFigures();
            Notable notable = readSteps(connection, task.taskId(), figures);
            return new TaskSummary(
                    figures.durations(),
                    figures.byType(),
                    figures.byAction(),
                    notable.errors() ? errors(connection, task.taskId()) : List.of(),
                    notable.lostScreenshots()
                            ? FindLostScreenshots.in(connection, task.taskId())
                            : new LostScreenshots(0, List.of()),
                    figures.missing(task.lastStepNumber()),
                    FindFindings.in(connection, task.taskId()));
        });
    }

    /** Whether any step tells of such. Most tasks have none, and then nobody need look for them. */
    private record Notable(boolean errors, boolean lostScreenshots) {}

    private static Notable readSteps(Connection connection, UUID taskId, StepFigures figures) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STEPS)) {
            statement.setObject(1, taskId);
            statement.setFetchSize(ROWS_AT_ONCE);
            boolean errors = false;
            boolean lostScreenshots = false;
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    figures.add(
                            rows.getInt("step_number"),
                            rows.getString("step_type"),
                            rows.getString("action_name"),
                            rows.getObject("duration_ms", Long.class));
                    errors |= rows.getBoolean("has_error");
                    lostScreenshots |= rows.getBoolean("lost_screenshots");
                }
            }
            return new Notable(errors, lostScreenshots);
        }
    }

    private static List<StepError> errors(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ERRORS)) {
            statement.setObject(1, taskId);
            List<StepError> errors = new ArrayList<>();
            int bytes = 0;
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String message = rows.getString("error_message");
                    bytes += message == null ? 0 : message.getBytes(StandardCharsets.UTF_8).length;
                    if (bytes > MAX_ERROR_BYTES) {
                        break;
                    }
                    errors.add(new StepError(rows.getInt("step_number"), message));
                }
            }
            return errors;
        }
    }
}
