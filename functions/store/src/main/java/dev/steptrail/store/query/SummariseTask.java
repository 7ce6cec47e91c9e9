package dev.steptrail.store.query;

import dev.steptrail.insights.RunRules;
import dev.steptrail.insights.TaskText;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.StepOutcome;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.model.TaskSummary.ErrorCause;
import dev.steptrail.store.model.TaskSummary.LostScreenshots;
import dev.steptrail.store.model.TaskSummary.StepError;
import dev.steptrail.store.query.CompareWithOthers.Compared;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

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
                   action_hash,
                   action_place,
                   duration_ms,
                   model_ms,
                   (extract(epoch FROM created_at) * 1000)::bigint AS ended_at,
                   NOT %1$s AS failed,
                   CASE WHEN NOT %1$s THEN left(%2$s, 2000) END AS error,
                   lost_screenshots,
                   screenshot_path IS NOT NULL AS seen
              FROM task_steps
             WHERE task_id = ?
               AND step_number > ?
             ORDER BY step_number
             LIMIT ?
            """.formatted(StepOutcome.WENT_WELL, StepOutcome.ERROR);

    /** So many rows are read at a time: a task may have a million, each with an error. */
    private static final int ROWS_AT_ONCE = 5_000;

    private final Database database;

    public SummariseTask(Database database) {
        this.database = database;
    }

    /** The summary, all zeros and empty for a task without steps; it tells nothing of other runs. */
    public TaskSummary of(Task task) {
        return summary(task, "");
    }

    /** The same beside the owner's runs of what was asked for, this one among those that ended, for those who may know of them. */
    public TaskSummary amongOthers(Task task) {
        return summary(task, TaskText.of(task.description(), task.name()));
    }

    /** @param text of whose runs it tells; empty for none */
    private TaskSummary summary(Task task, String text) {
        return database.readOnce(connection -> {
            StepFigures figures = new StepFigures();
            StepErrors errors = new StepErrors();
            Pictures pictures = new Pictures();
            RunRules rules = new RunRules();
            readSteps(connection, task.taskId(), figures, errors, pictures, rules);
            List<ErrorCause> causes = errors.causes();
            FoundInRun found = FoundInRun.in(connection, task.taskId(), rules);
            FindFindings.Found known = FindFindings.in(connection, task, text);
            Compared compared = CompareWithOthers.in(connection, task, known.learnt());
            return new TaskSummary(
                    figures.durations(),
                    figures.intervals(),
                    figures.gaps(),
                    figures.modelTimes(),
                    figures.byType(),
                    figures.byAction(),
                    figures.timeline(),
                    errors.listed(),
                    causes,
                    pictures.first == 0
                            ? List.of()
                            : FindKeyScreenshots.in(connection, task.taskId(), pictures.first, pictures.last, causes),
                    pictures.lost
                            ? FindLostScreenshots.in(connection, task.taskId())
                            : new LostScreenshots(0, List.of()),
                    figures.missing(task.lastStepNumber()),
                    Stream.of(known.findings(), found.findings(), compared.findings())
                            .flatMap(List::stream)
                            .toList(),
                    Stream.concat(found.suggestions().stream(), compared.suggestions().stream())
                            .toList(),
                    compared.expectation());
        });
    }

    /** What the steps tell of their pictures: where there are none, and where none was lost, nobody need look for them. */
    private static final class Pictures {
        private int first;
        private int last;
        private boolean lost;

        void add(int stepNumber, ResultSet row) throws SQLException {
            if (row.getBoolean("seen")) {
                first = first == 0 ? stepNumber : first;
                last = stepNumber;
            }
            lost |= row.getBoolean("lost_screenshots");
        }
    }

    private static void readSteps(
            Connection connection,
            UUID taskId,
            StepFigures figures,
            StepErrors errors,
            Pictures pictures,
            RunRules rules)
            throws SQLException {
        int after = 0;
        int read;
        try (PreparedStatement statement = connection.prepareStatement(STEPS)) {
            statement.setObject(1, taskId);
            statement.setInt(3, ROWS_AT_ONCE);
            do {
                statement.setInt(2, after);
                read = 0;
                StepsInARow block = new StepsInARow();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        read++;
                        StepFigure step = figure(rows);
                        after = step.stepNumber();
                        figures.add(step);
                        if (step.failed()) {
                            errors.add(error(step, rows));
                        }
                        pictures.add(step.stepNumber(), rows);
                        block.add(step, rows);
                    }
                }
                block.show(connection, taskId, rules);
            } while (read == ROWS_AT_ONCE);
        }
    }

    private static StepFigure figure(ResultSet row) throws SQLException {
        return new StepFigure(
                row.getInt("step_number"),
                row.getString("step_type"),
                row.getString("action_name"),
                row.getLong("ended_at"),
                row.getObject("duration_ms", Long.class),
                row.getObject("model_ms", Integer.class),
                row.getBoolean("failed"),
                row.getObject("failed") == null);
    }

    private static StepError error(StepFigure step, ResultSet row) throws SQLException {
        return new StepError(step.stepNumber(), step.stepType(), step.action(), row.getString("error"));
    }
}
