package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which steps with these keys are there, and what do they say? */
final class FindSteps {
    /**
     * OFFSET 0 keeps the planner to one index probe a run, whatever its statistics say of a table that just grew. A probe for
     * each key took 5.7 ms for 1000 keys that are not there, one for each of their 50 runs 0.4 ms.
     */
    private static final String STEPS = """
            SELECT s.*
              FROM unnest(?::uuid[], ?::integer[], ?::integer[]) AS k (task_id, first, last)
             CROSS JOIN LATERAL (SELECT %s
                                   FROM task_steps
                                  WHERE task_id = k.task_id
                                    AND step_number BETWEEN k.first AND k.last
                                 OFFSET 0) AS s
            """.formatted(StepColumns.OF_STEP);

    private static final String SCREENSHOTS = """
            SELECT p.*
              FROM unnest(?::uuid[], ?::integer[], ?::integer[]) AS k (task_id, first, last)
             CROSS JOIN LATERAL (SELECT %s
                                   FROM step_screenshots
                                  WHERE task_id = k.task_id
                                    AND step_number BETWEEN k.first AND k.last
                                 OFFSET 0) AS p
             ORDER BY p.task_id, p.step_number, p.ordinal
            """.formatted(StepColumns.OF_SCREENSHOT);

    private FindSteps() {}

    /** The steps found, by their public ids. */
    static Map<String, StoredStep> in(Connection connection, Collection<TaskArrivals.Arrival> wanted)
            throws SQLException {
        Map<String, StoredStep> found = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(STEPS)) {
            bind(statement, wanted.stream().map(step -> StepRun.of(step.taskId(), step.stepNumber())));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    StoredStep step = StepColumns.step(rows);
                    found.put(step.stepId(), step);
                }
            }
        }
        if (!found.isEmpty()) {
            addScreenshots(connection, found);
        }
        return found;
    }

    private static void addScreenshots(Connection connection, Map<String, StoredStep> steps) throws SQLException {
        Map<String, List<StoredScreenshot>> screenshots = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(SCREENSHOTS)) {
            bind(statement, steps.values().stream().map(step -> StepRun.of(step.taskId(), step.stepNumber())));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String stepId = rows.getString("task_id") + "." + rows.getInt("step_number");
                    screenshots.computeIfAbsent(stepId, id -> new ArrayList<>()).add(StepColumns.screenshot(rows));
                }
            }
        }
        screenshots.forEach((stepId, pictures) -> steps.computeIfPresent(stepId, (id, step) -> step.with(pictures)));
    }

    private static void bind(PreparedStatement statement, Stream<StepRun> steps) throws SQLException {
        Columns<StepRun> columns = new Columns<>(statement, StepRun.joined(steps));
        columns.set("uuid", StepRun::taskId);
        columns.set("integer", StepRun::first);
        columns.set("integer", StepRun::last);
    }
}
