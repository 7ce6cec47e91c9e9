package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Which pictures have these steps of a task? */
public final class FindScreenshots {
    private static final String SQL = """
            SELECT %s
              FROM step_screenshots
             WHERE task_id = ?
               AND step_number BETWEEN ? AND ?
             ORDER BY step_number %s, ordinal
            """;

    private static final String ASCENDING = SQL.formatted(StepColumns.OF_SCREENSHOT, "ASC");
    private static final String DESCENDING = SQL.formatted(StepColumns.OF_SCREENSHOT, "DESC");

    /** Rows fetched at a time: a hundred of one step may have half a megabyte. */
    private static final int FETCH = 200;

    private final Database database;

    public FindScreenshots(Database database) {
        this.database = database;
    }

    /** The pictures of one step, in the record's order; empty if it has none or is not there. */
    public List<StoredScreenshot> ofStep(UUID taskId, int stepNumber) {
        return database.read(connection -> in(connection, taskId, List.of(stepNumber)))
                .of(stepNumber);
    }

    /**
     * The pictures of a page's steps.
     *
     * @param complete of how many of the steps; those after them would have made the page too large
     */
    record OfSteps(Map<Integer, List<StoredScreenshot>> byStep, int complete) {
        List<StoredScreenshot> of(int stepNumber) {
            return byStep.getOrDefault(stepNumber, List.of());
        }
    }

    /**
     * Finds them. They are read until they have {@link PageReader#MAX_BYTES} together; of the first step all are.
     *
     * @param stepNumbers at least one, of steps that follow each other, upwards or downwards: a range is found faster than each by
     *     itself
     */
    static OfSteps in(Connection connection, UUID taskId, List<Integer> stepNumbers) throws SQLException {
        int first = stepNumbers.get(0);
        int last = stepNumbers.get(stepNumbers.size() - 1);
        Map<Integer, List<StoredScreenshot>> byStep = new HashMap<>();
        long bytes = 0;
        try (PreparedStatement statement = connection.prepareStatement(first <= last ? ASCENDING : DESCENDING)) {
            statement.setObject(1, taskId);
            statement.setInt(2, Math.min(first, last));
            statement.setInt(3, Math.max(first, last));
            statement.setFetchSize(FETCH);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    int stepNumber = rows.getInt("step_number");
                    if (bytes >= PageReader.MAX_BYTES && !byStep.containsKey(stepNumber)) {
                        return new OfSteps(byStep, countBefore(stepNumber, stepNumbers));
                    }
                    StoredScreenshot screenshot = StepColumns.screenshot(rows);
                    byStep.computeIfAbsent(stepNumber, number -> new ArrayList<>())
                            .add(screenshot);
                    bytes += size(screenshot);
                }
            }
        }
        return new OfSteps(byStep, stepNumbers.size());
    }

    /** The step itself may not be among them: it may have come since they were read. */
    private static int countBefore(int stepNumber, List<Integer> stepNumbers) {
        boolean upwards = stepNumbers.get(0) < stepNumber;
        return (int) stepNumbers.stream()
                .takeWhile(number -> upwards ? number < stepNumber : number > stepNumber)
                .count();
    }

    private static long size(StoredScreenshot screenshot) {
        return PageReader.length(
                screenshot.screenshotPath(),
                screenshot.thumbnailPath(),
                screenshot.fileHash(),
                screenshot.format(),
                screenshot.perceptualHash(),
                screenshot.redactedRegions(),
                screenshot.metadata());
    }
}
