package dev.steptrail.store.ingest;

import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import java.sql.SQLException;
import java.util.Collection;
import java.util.function.BiConsumer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Inserts steps and their screenshots by COPY. */
final class StepCopier {
    private static final String STEPS =
            "COPY task_steps (%s) FROM STDIN (FORMAT binary)".formatted(StoredStep.ROW.columns());

    private static final String SCREENSHOTS =
            "COPY step_screenshots (%s) FROM STDIN (FORMAT binary)".formatted(StoredScreenshot.COLUMNS);

    private static final int STEP_COLUMNS = 11;
    private static final int SCREENSHOT_COLUMNS = 18;

    /** The number of buffered bytes after which rows are sent. Postgres stores them while the next are encoded. */
    private static final int FLUSH_SIZE = 8 * 1024;

    private StepCopier() {}

    static void copy(Session session, Collection<TaskRecords.ReceivedStep> steps) throws SQLException {
        copy(session, STEPS, steps, StepCopier::addStep);
        if (steps.stream().anyMatch(step -> !step.row().screenshots().isEmpty())) {
            copy(session, SCREENSHOTS, steps, StepCopier::addScreenshots);
        }
    }

    private static void addStep(BinaryCopyEncoder rows, StoredStep step) {
        rows.beginRow(STEP_COLUMNS)
                .uuid(step.taskId())
                .integer(step.stepNumber())
                .text(step.stepType())
                .text(step.stepData())
                .text(step.thinking())
                .text(step.actionResult())
                .text(step.screenshotPath())
                .bigint(step.durationMs())
                .bool(step.success())
                .text(step.errorMessage())
                .timestamptz(step.createdAt());
    }

    private static void addScreenshots(BinaryCopyEncoder rows, StoredStep step) {
        for (StoredScreenshot screenshot : step.screenshots()) {
            rows.beginRow(SCREENSHOT_COLUMNS)
                    .uuid(step.taskId())
                    .integer(step.stepNumber())
                    .integer(screenshot.screenshotIndex())
                    .text(screenshot.role())
                    .text(screenshot.screenshotPath())
                    .text(screenshot.fileHash())
                    .bigint(screenshot.fileSize())
                    .bigint(screenshot.originalSize())
                    .integer(screenshot.width())
                    .integer(screenshot.height())
                    .text(screenshot.format())
                    .bool(screenshot.compressed())
                    .bool(screenshot.sensitive())
                    .text(screenshot.redactedRegions())
                    .text(screenshot.perceptualHash())
                    .text(screenshot.thumbnailPath())
                    .timestamptz(screenshot.capturedAt())
                    .text(screenshot.metadata());
        }
    }

    private static void copy(
            Session session,
            String sql,
            Collection<TaskRecords.ReceivedStep> steps,
            BiConsumer<BinaryCopyEncoder, StoredStep> addRows)
            throws SQLException {
        CopyIn copy =
                session.connection().unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            BinaryCopyEncoder rows = new BinaryCopyEncoder();
            for (TaskRecords.ReceivedStep step : steps) {
                addRows.accept(rows, step.row());
                if (rows.length() >= FLUSH_SIZE) {
                    rows.sendTo(copy);
                }
            }
            rows.endRows();
            rows.sendTo(copy);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }
}
