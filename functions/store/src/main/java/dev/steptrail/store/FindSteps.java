package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** Which steps with these keys are there, and what do they say? */
final class FindSteps {
    /**
     * OFFSET 0 keeps the planner to one index probe a run, whatever its statistics say of a table that just grew. A probe for
     * each key took 5.7 ms for 1000 keys that are not there, one for each of their 50 runs 0.4 ms. The least and the greatest id
     * let it see, before it plans, which months there are to look at: to plan for all of 26 took longer than to look.
     */
    static final String STEPS = """
            SELECT s.*
              FROM unnest(?::uuid[], ?::integer[], ?::integer[]) AS k (task_id, first, last)
             CROSS JOIN LATERAL (SELECT %s
                                   FROM task_steps
                                  WHERE task_id = k.task_id
                                    AND step_number BETWEEN k.first AND k.last
                                    AND task_id BETWEEN ? AND ?
                                 OFFSET 0) AS s
            """.formatted(StepColumns.OF_STEP);

    private static final String SCREENSHOTS = """
            SELECT p.*
              FROM unnest(?::uuid[], ?::integer[], ?::integer[]) AS k (task_id, first, last)
             CROSS JOIN LATERAL (SELECT %s
                                   FROM step_screenshots
                                  WHERE task_id = k.task_id
                                    AND step_number BETWEEN k.first AND k.last
                                    AND task_id BETWEEN ? AND ?
                                 OFFSET 0) AS p
             ORDER BY p.task_id, p.step_number, p.ordinal
            """.formatted(StepColumns.OF_SCREENSHOT);

    private FindSteps() {}

    static Collection<StoredStep> in(Connection connection, Collection<TaskArrivals.Arrival> wanted)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STEPS)) {
            bind(statement, 1, wanted.stream().map(step -> StepRun.of(step.taskId(), step.stepNumber())));
            statement.execute();
            return found(connection, statement);
        }
    }

    /** Binds the five parameters of {@link #STEPS} from this one on. */
    static void bind(PreparedStatement statement, int from, Stream<StepRun> steps) throws SQLException {
        List<StepRun> runs = StepRun.joined(steps);
        Columns<StepRun> columns = new Columns<>(statement, from, runs);
        columns.set("uuid", StepRun::taskId);
        columns.set("integer", StepRun::first);
        columns.set("integer", StepRun::last);
        List<UUID> ids =
                runs.stream().map(StepRun::taskId).sorted(TaskOrder.OF_IDS).toList();
        statement.setObject(from + 3, ids.isEmpty() ? null : ids.get(0), Types.OTHER);
        statement.setObject(from + 4, ids.isEmpty() ? null : ids.get(ids.size() - 1), Types.OTHER);
    }

    /** The steps that a statement's current result tells of. */
    static Collection<StoredStep> found(Connection connection, PreparedStatement statement) throws SQLException {
        Map<String, StoredStep> found = new LinkedHashMap<>();
        try (ResultSet rows = statement.getResultSet()) {
            while (rows.next()) {
                StoredStep step = StepColumns.step(rows);
                found.put(step.stepId(), step);
            }
        }
        if (!found.isEmpty()) {
            addScreenshots(connection, found);
        }
        return found.values();
    }

    private static void addScreenshots(Connection connection, Map<String, StoredStep> steps) throws SQLException {
        Map<String, List<StoredScreenshot>> screenshots = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(SCREENSHOTS)) {
            bind(statement, 1, steps.values().stream().map(step -> StepRun.of(step.taskId(), step.stepNumber())));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String stepId = rows.getString("task_id") + "." + rows.getInt("step_number");
                    screenshots.computeIfAbsent(stepId, id -> new ArrayList<>()).add(StepColumns.screenshot(rows));
                }
            }
        }
        screenshots.forEach((stepId, pictures) -> steps.computeIfPresent(stepId, (id, step) -> step.with(pictures)));
    }
}
