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
                   left(error_message, 2000)                AS error_message,
                   lost_screenshots
              FROM task_steps
             WHERE task_id = ?
             ORDER BY step_number
            """;

    /** So many rows are fetched at a time: a task may have a million, each with an error. */
    private static final int ROWS_AT_ONCE = 5_000;

    private final Database database;

    public SummariseTask(Database database) {
        this.database = database;
    }

    /** The summary, all zeros and empty for a task without steps. */
    public TaskSummary of(Task task) {
        return database.read(connection -> {
            StepFigures figures = new StepFigures();
            Errors errors = new Errors();
            boolean lostScreenshots = readSteps(connection, task.taskId(), figures, errors);
            return new TaskSummary(
                    figures.durations(),
                    figures.byType(),
                    figures.byAction(),
                    errors.listed,
                    lostScreenshots
                            ? FindLostScreenshots.in(connection, task.taskId())
                            : new LostScreenshots(0, List.of()),
                    figures.missing(task.lastStepNumber()),
                    FindFindings.in(connection, task.taskId()));
        });
    }

    /** Whether any step tells of a lost screenshot. Most tasks have none, and then nobody need look for them. */
    private static boolean readSteps(Connection connection, UUID taskId, StepFigures figures, Errors errors)
            throws SQLException {
        boolean lostScreenshots = false;
        try (PreparedStatement statement = connection.prepareStatement(STEPS)) {
            statement.setObject(1, taskId);
            statement.setFetchSize(ROWS_AT_ONCE);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    int stepNumber = rows.getInt("step_number");
                    figures.add(
                            stepNumber,
                            rows.getString("step_type"),
                            rows.getString("action_name"),
                            rows.getObject("duration_ms", Long.class));
                    if (rows.getBoolean("has_error")) {
                        errors.add(new StepError(stepNumber, rows.getString("error_message")));
                    }
                    lostScreenshots |= rows.getBoolean("lost_screenshots");
                }
            }
        }
        return lostScreenshots;
    }

    /** The first errors, as many as a summary lists. */
    private static final class Errors {
        final List<StepError> listed = new ArrayList<>();
        private int bytes;

        void add(StepError error) {
            String message = error.errorMessage();
            if (listed.size() == MAX_LISTED || bytes > MAX_ERROR_BYTES) {
                return;
            }
            bytes += message == null ? 0 : message.getBytes(StandardCharsets.UTF_8).length;
            if (bytes <= MAX_ERROR_BYTES) {
                listed.add(error);
            }
        }
    }
}
