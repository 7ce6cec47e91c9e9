package dev.steptrail.store.ingest;

import dev.steptrail.store.model.StepColumns;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What do the steps of these numbers say? Told one after the other, since each may have more than a megabyte. */
final class FindSteps {
    /** OFFSET 0 and the bounds of ids: see {@link LookUpBatch}. */
    private static final String STEPS = """
            SELECT s.*
              FROM unnest(?::uuid[], ?::integer[], ?::integer[]) AS k (task_id, first, last)
             CROSS JOIN LATERAL (SELECT %s
                                   FROM task_steps
                                  WHERE task_id = k.task_id
                                    AND step_number BETWEEN k.first AND k.last
                                    AND task_id BETWEEN ? AND ?
                                 OFFSET 0) AS s
             ORDER BY s.task_id, s.step_number
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

    /** Rows fetched at a time. */
    private static final int FETCH = 32;

    private FindSteps() {}

    static void in(Connection connection, List<StepRun> wanted, Consumer<StoredStep> found) throws SQLException {
        try (PreparedStatement steps = connection.prepareStatement(STEPS);
                PreparedStatement pictures = connection.prepareStatement(SCREENSHOTS)) {
            steps.setFetchSize(FETCH);
            pictures.setFetchSize(FETCH);
            StepRun.bind(steps, 1, wanted.stream());
            StepRun.bind(pictures, 1, wanted.stream());
            try (ResultSet stepRows = steps.executeQuery();
                    ResultSet pictureRows = pictures.executeQuery()) {
                Pictures next = new Pictures(pictureRows);
                while (stepRows.next()) {
                    StoredStep step = StepColumns.step(stepRows);
                    found.accept(step.with(next.of(step.stepId())));
                }
            }
        }
    }

    /** Reads on in pictures that come in the order of their steps. */
    private static final class Pictures {
        private final ResultSet rows;
        private @Nullable String stepId;

        private Pictures(ResultSet rows) throws SQLException {
            this.rows = rows;
            move();
        }

        private List<StoredScreenshot> of(String step) throws SQLException {
            List<StoredScreenshot> pictures = new ArrayList<>();
            for (; step.equals(stepId); move()) {
                pictures.add(StepColumns.screenshot(rows));
            }
            return pictures;
        }

        private void move() throws SQLException {
            stepId = rows.next() ? rows.getString("task_id") + "." + rows.getInt("step_number") : null;
        }
    }
}
