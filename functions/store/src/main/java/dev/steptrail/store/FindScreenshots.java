package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Which pictures have these steps of a task? */
public final class FindScreenshots {
    private static final String SQL = """
            SELECT %s
              FROM step_screenshots
             WHERE task_id = ?
               AND step_number BETWEEN ? AND ?
             ORDER BY step_number, ordinal
            """.formatted(StepColumns.OF_SCREENSHOT);

    private final Database database;

    public FindScreenshots(Database database) {
        this.database = database;
    }

    /** The pictures of one step, in the record's order; empty if it has none or is not there. */
    public List<StoredScreenshot> ofStep(UUID taskId, int stepNumber) {
        return database.read(connection -> in(connection, taskId, List.of(stepNumber)))
                .getOrDefault(stepNumber, List.of());
    }

    /**
     * By their steps.
     *
     * @param stepNumbers of steps that follow each other, at least one: a range is found faster than each by itself
     */
    static Map<Integer, List<StoredScreenshot>> in(Connection connection, UUID taskId, Collection<Integer> stepNumbers)
            throws SQLException {
        Map<Integer, List<StoredScreenshot>> byStep = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setObject(1, taskId);
            statement.setInt(2, Collections.min(stepNumbers));
            statement.setInt(3, Collections.max(stepNumbers));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    byStep.computeIfAbsent(rows.getInt("step_number"), number -> new ArrayList<>())
                            .add(StepColumns.screenshot(rows));
                }
            }
        }
        return byStep;
    }
}
