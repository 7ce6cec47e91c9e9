package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.PageReader;
import dev.steptrail.store.model.StepColumns;
import dev.steptrail.store.model.StoredScreenshot;
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
    /** Rows read at a time: a hundred of one step may have half a megabyte. */
    private static final int AT_ONCE = 200;

    private static final String ASCENDING = """
            SELECT %s
              FROM step_screenshots
             WHERE task_id = ?
               AND step_number <= ?
               AND (step_number, ordinal) > (?, ?)
             ORDER BY step_number, ordinal
             LIMIT %d
            """.formatted(StepColumns.OF_SCREENSHOT, AT_ONCE);

    private static final String DESCENDING = """
            SELECT %s
              FROM step_screenshots
             WHERE task_id = ?
               AND step_number >= ?
               AND (step_number, ordinal) < (?, ?)
             ORDER BY step_number DESC, ordinal DESC
             LIMIT %d
            """.formatted(StepColumns.OF_SCREENSHOT, AT_ONCE);

    private final Database database;

    public FindScreenshots(Database database) {
        this.database = database;
    }

    /** The pictures of one step, in the record's order; empty if it has none or is not there. */
    public List<StoredScreenshot> ofStep(UUID taskId, int stepNumber) {
        return database.lookUp(connection -> in(connection, taskId, List.of(stepNumber)))
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
        boolean upwards = first <= last;
        Map<Integer, List<StoredScreenshot>> byStep = new HashMap<>();
        long bytes = 0;
        int stepNumber = first;
        int ordinal = upwards ? -1 : Integer.MAX_VALUE;
        int read;
        try (PreparedStatement statement = connection.prepareStatement(upwards ? ASCENDING : DESCENDING)) {
            statement.setObject(1, taskId);
            statement.setInt(2, last);
            do {
                statement.setInt(3, stepNumber);
                statement.setInt(4, ordinal);
                read = 0;
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        read++;
                        stepNumber = rows.getInt("step_number");
                        if (bytes >= PageReader.MAX_BYTES && !byStep.containsKey(stepNumber)) {
                            return new OfSteps(byStep, countBefore(stepNumber, stepNumbers));
                        }
                        StoredScreenshot screenshot = StepColumns.screenshot(rows);
                        ordinal = screenshot.ordinal();
                        List<StoredScreenshot> ofStep = byStep.computeIfAbsent(stepNumber, number -> new ArrayList<>());
                        ofStep.add(upwards ? ofStep.size() : 0, screenshot);
                        bytes += size(screenshot);
                    }
                }
            } while (read == AT_ONCE);
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
