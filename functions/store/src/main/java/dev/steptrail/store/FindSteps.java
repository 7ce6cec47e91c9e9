package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
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
    private static final String STEPS = """
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

    /** Java compares the halves of ids as if they had signs; as text they stand in the order of their bytes. */
    private static final Comparator<UUID> AS_IN_POSTGRES = Comparator.comparing(UUID::toString);

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
        List<StepRun> runs = StepRun.joined(steps);
        Columns<StepRun> columns = new Columns<>(statement, runs);
        columns.set("uuid", StepRun::taskId);
        columns.set("integer", StepRun::first);
        columns.set("integer", StepRun::last);
        List<UUID> ids =
                runs.stream().map(StepRun::taskId).sorted(AS_IN_POSTGRES).toList();
        statement.setObject(4, ids.get(0));
        statement.setObject(5, ids.get(ids.size() - 1));
    }
}
