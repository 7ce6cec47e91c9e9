package dev.steptrail.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import org.postgresql.PGConnection;

/** Writes steps that are not there yet, and their pictures. */
final class CopySteps {
    private static final String STEPS = "COPY task_steps (%s) FROM STDIN".formatted(StepColumns.OF_STEP);

    private static final String SCREENSHOTS =
            "COPY step_screenshots (%s) FROM STDIN".formatted(StepColumns.OF_SCREENSHOT);

    private CopySteps() {}

    static void in(Connection connection, Collection<StoredStep> steps) throws SQLException {
        copy(connection, STEPS, stepRows(steps));
        byte[] screenshotRows = screenshotRows(steps);
        if (screenshotRows.length > 0) {
            copy(connection, SCREENSHOTS, screenshotRows);
        }
    }

    private static byte[] stepRows(Collection<StoredStep> steps) {
        CopyText rows = new CopyText();
        for (StoredStep step : steps) {
            rows.add(step.taskId())
                    .add(step.stepNumber())
                    .add(step.stepType())
                    .add(step.stepData())
                    .add(step.thinking())
                    .add(step.actionResult())
                    .add(step.screenshotPath())
                    .add(step.durationMs())
                    .add(step.success())
                    .add(step.errorMessage())
                    .add(step.createdAt())
                    .endRow();
        }
        return rows.toBytes();
    }

    private static byte[] screenshotRows(Collection<StoredStep> steps) {
        CopyText rows = new CopyText();
        for (StoredStep step : steps) {
            for (StoredScreenshot screenshot : step.screenshots()) {
                rows.add(step.taskId())
                        .add(step.stepNumber())
                        .add(screenshot.ordinal())
                        .add(screenshot.role())
                        .add(screenshot.screenshotPath())
                        .add(screenshot.fileHash())
                        .add(screenshot.fileSize())
                        .add(screenshot.originalSize())
                        .add(screenshot.width())
                        .add(screenshot.height())
                        .add(screenshot.format())
                        .add(screenshot.compressed())
                        .add(screenshot.sensitive())
                        .add(screenshot.redactedRegions())
                        .add(screenshot.perceptualHash())
                        .add(screenshot.thumbnailPath())
                        .add(screenshot.capturedAt())
                        .add(screenshot.metadata())
                        .endRow();
            }
        }
        return rows.toBytes();
    }

    private static void copy(Connection connection, String sql, byte[] rows) throws SQLException {
        try {
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, new ByteArrayInputStream(rows), rows.length);
        } catch (IOException e) {
            throw new SQLException("the rows are in memory; the connection is not", "08006", e);
        }
    }
}
