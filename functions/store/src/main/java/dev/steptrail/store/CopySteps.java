package dev.steptrail.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.function.BiConsumer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Writes steps that are not there yet, and their pictures. */
final class CopySteps {
    private static final String STEPS = "COPY task_steps (%s) FROM STDIN".formatted(StepColumns.OF_STEP);

    private static final String SCREENSHOTS =
            "COPY step_screenshots (%s) FROM STDIN".formatted(StepColumns.OF_SCREENSHOT);

    /** In characters: so much is sent at a time, and Postgres takes it in while the next rows are made. */
    private static final int CHUNK = 64 * 1024;

    private CopySteps() {}

    static void in(Connection connection, Collection<TaskArrivals.Arrival> steps) throws SQLException {
        copy(connection, STEPS, steps, CopySteps::addStep);
        if (steps.stream().anyMatch(step -> !step.row().screenshots().isEmpty())) {
            copy(connection, SCREENSHOTS, steps, CopySteps::addScreenshots);
        }
    }

    private static void addStep(CopyText rows, StoredStep step) {
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

    private static void addScreenshots(CopyText rows, StoredStep step) {
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

    private static void copy(
            Connection connection,
            String sql,
            Collection<TaskArrivals.Arrival> steps,
            BiConsumer<CopyText, StoredStep> addRows)
            throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            CopyText rows = new CopyText();
            for (TaskArrivals.Arrival step : steps) {
                addRows.accept(rows, step.row());
                if (rows.length() >= CHUNK) {
                    send(copy, rows);
                }
            }
            send(copy, rows);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static void send(CopyIn copy, CopyText rows) throws SQLException {
        byte[] bytes = rows.take();
        copy.writeToCopy(bytes, 0, bytes.length);
        copy.flushCopy();
    }
}
