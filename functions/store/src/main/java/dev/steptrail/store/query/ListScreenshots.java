package dev.steptrail.store.query;

import dev.steptrail.stepformat.Step;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.StepColumns;
import dev.steptrail.store.model.StoredScreenshot;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What did a task show, step by step? */
public final class ListScreenshots {
    /** So many pictures end a page: a hundred of one step may have half a megabyte. */
    private static final int MOST = 5 * Step.MAX_SCREENSHOTS;

    /** The pictures stand beside what is known of the page, which is one row: so one range of theirs is read, wherever it is. */
    private static final String SQL = """
            SELECT page.last_step,
                   page.has_more,
                   screenshot.*
              FROM (SELECT max(step_number) FILTER (WHERE place <= ?) AS last_step,
                           count(*) > ?                               AS has_more
                      FROM (SELECT step_number,
                                   row_number() OVER (ORDER BY step_number) AS place
                              FROM task_steps
                             WHERE task_id = ?
                               AND step_number > ?
                             ORDER BY step_number
                             LIMIT ?) AS step) AS page
              LEFT JOIN LATERAL (SELECT %s
                                   FROM step_screenshots
                                  WHERE task_id = ?
                                    AND step_number > ?
                                    AND step_number <= page.last_step
                                  ORDER BY step_number, ordinal
                                  LIMIT %d) AS screenshot
                ON true
             ORDER BY screenshot.step_number, screenshot.ordinal
            """.formatted(StepColumns.OF_SCREENSHOT, MOST);

    private final Database database;

    public ListScreenshots(Database database) {
        this.database = database;
    }

    /** The pictures of one step. */
    public record OfStep(int stepNumber, List<StoredScreenshot> screenshots) {}

    /**
     * Those of the next {@code limit} steps that have pictures, with these, and the last of the steps even without any. Fewer steps where they have many
     * pictures.
     *
     * @param after the number with which the page before ended, or null for the first page
     */
    public Page<OfStep> page(UUID taskId, @Nullable Integer after, int limit) {
        return database.lookUp(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                int from = after == null ? 0 : after;
                statement.setInt(1, limit);
                statement.setInt(2, limit);
                statement.setObject(3, taskId);
                statement.setInt(4, from);
                statement.setInt(5, limit + 1);
                statement.setObject(6, taskId);
                statement.setInt(7, from);
                try (ResultSet rows = statement.executeQuery()) {
                    return page(rows);
                }
            }
        });
    }

    private static Page<OfStep> page(ResultSet rows) throws SQLException {
        List<OfStep> steps = new ArrayList<>();
        Integer lastStep = null;
        boolean hasMore = false;
        int read = 0;
        while (rows.next()) {
            lastStep = rows.getObject("last_step", Integer.class);
            hasMore = rows.getBoolean("has_more");
            int stepNumber = rows.getInt("step_number");
            if (rows.wasNull()) {
                break; // none has a picture
            }
            if (steps.isEmpty() || lastOf(steps).stepNumber() != stepNumber) {
                steps.add(new OfStep(stepNumber, new ArrayList<>()));
            }
            lastOf(steps).screenshots().add(StepColumns.screenshot(rows));
            read++;
        }
        if (read == MOST && steps.size() > 1) {
            steps.remove(steps.size() - 1); // the rest of its pictures may be missing
            return new Page<>(steps, true);
        }
        if (lastStep != null && (steps.isEmpty() || lastOf(steps).stepNumber() != lastStep)) {
            steps.add(new OfStep(lastStep, List.of()));
        }
        return new Page<>(steps, hasMore);
    }

    private static OfStep lastOf(List<OfStep> steps) {
        return steps.get(steps.size() - 1);
    }
}
