package dev.steptrail.store.statistics;

import dev.steptrail.store.jdbc.Columns;
import dev.steptrail.store.model.StepOutcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Adds the steps that were not measured yet to the measures of their tasks, and remembers their numbers: a step is measured once, whatever
 * becomes of its row. Rows are read as they come, so a task may have a million. Not thread-safe.
 *
 * <p>A step is a retry if it does what the step before it did, by the JSON of the action, character for character, and that one failed. Whichever
 * of the two arrives last, the two are compared then, if both have rows.
 */
public final class MeasureSteps {
    /**
     * Steps that are new, and those whose step before is, task by task, but for what no order promises. A picture counts with 2 GiB at most: its size
     * is what a recorder says.
     */
    private static final String STEPS = """
            WITH looked AS MATERIALIZED (
                SELECT n.task_id,
                       coalesce(l.measured_numbers, '{}') + '{}'::int8multirange AS numbers -- unpacked here, and not for each step
                  FROM unnest(?::uuid[]) AS n (task_id)
                  LEFT JOIN task_looks AS l USING (task_id)
            )
            SELECT s.task_id,
                   s.step_number,
                   s.day,
                   s.step_type,
                   s.action,
                   s.went_well,
                   s.duration_ms,
                   s.model_ms,
                   s.is_new,
                   CASE WHEN f.action IS NOT NULL
                        THEN s.step_data ->> 'action' = f.action
                   END AS is_retry,
                   p.screenshots,
                   p.screenshot_bytes
              FROM looked
             CROSS JOIN LATERAL (SELECT task_id,
                                        step_number,
                                        (created_at AT TIME ZONE 'UTC')::date AS day,
                                        step_type,
                                        coalesce(action_name, '')             AS action,
                                        %1$s AS went_well,
                                        duration_ms,
                                        model_ms,
                                        step_data,
                                        NOT step_number::bigint <@ looked.numbers AS is_new
                                   FROM task_steps
                                  WHERE task_id = looked.task_id
                                    AND NOT int8range(step_number::bigint - 1, step_number, '[]') <@ looked.numbers
                                 OFFSET 0) AS s
              LEFT JOIN LATERAL (SELECT step_data ->> 'action' AS action
                                   FROM task_steps
                                  WHERE task_id = s.task_id
                                    AND step_number = s.step_number - 1
                                    AND NOT %1$s
                                 OFFSET 0) AS f ON true
             CROSS JOIN LATERAL (SELECT count(*)                                               AS screenshots,
                                        coalesce(sum(least(file_size, 2147483647)), 0)::bigint AS screenshot_bytes
                                   FROM step_screenshots
                                  WHERE task_id = s.task_id
                                    AND step_number = s.step_number) AS p
            """.formatted(StepOutcome.WENT_WELL);

    private static final String REMEMBER = """
            UPDATE task_looks
               SET measured_numbers = coalesce(measured_numbers, '{}') + ?::int8multirange
             WHERE task_id = ?
            """;

    private static final String SEEN = """
            UPDATE task_looks AS l
               SET measured_news_at = n.news_at
              FROM unnest(?::uuid[], ?::timestamptz[]) AS n (task_id, news_at)
             WHERE l.task_id = n.task_id
            """;

    private static final int ROWS_AT_ONCE = 1000;

    private final PreparedStatement remember;
    private final TaskMeasures measures;
    private @Nullable UUID task;
    private StepNumbers numbers = new StepNumbers();

    private MeasureSteps(PreparedStatement remember, TaskMeasures measures) {
        this.remember = remember;
        this.measures = measures;
    }

    /**
     * Measures the new steps of these tasks.
     *
     * @param tasks that {@link CountSteps} has looked at
     */
    public static void in(Connection connection, Collection<FindNews.News> tasks) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(STEPS);
                PreparedStatement remember = connection.prepareStatement(REMEMBER);
                PreparedStatement seen = connection.prepareStatement(SEEN)) {
            new Columns<>(read, tasks).set("uuid", FindNews.News::taskId);
            read.setFetchSize(ROWS_AT_ONCE);
            try (ResultSet rows = read.executeQuery()) {
                new MeasureSteps(remember, new TaskMeasures(connection)).measure(rows);
            }
            Columns<FindNews.News> columns = new Columns<>(seen, tasks);
            columns.set("uuid", FindNews.News::taskId);
            columns.set("timestamptz", FindNews.News::newsAt);
            seen.executeUpdate();
        }
    }

    private void measure(ResultSet rows) throws SQLException {
        while (rows.next()) {
            boolean isNew = rows.getBoolean("is_new");
            boolean isRetry = rows.getBoolean("is_retry");
            if (isNew || isRetry) {
                UUID taskId = rows.getObject("task_id", UUID.class);
                StepMeasures ofStep = measures.of(TaskMeasures.Key.of(taskId, rows));
                if (isNew) {
                    add(rows, ofStep);
                    note(taskId, rows.getInt("step_number"));
                }
                if (isRetry) {
                    ofStep.addRetry();
                }
            }
        }
        remember();
        measures.write();
    }

    private void note(UUID taskId, int stepNumber) throws SQLException {
        if (!taskId.equals(task)) {
            remember();
            task = taskId;
            numbers = new StepNumbers();
        }
        numbers.add(stepNumber);
    }

    private void remember() throws SQLException {
        if (task != null) {
            remember.setString(1, numbers.toMultirange());
            remember.setObject(2, task);
            remember.executeUpdate();
        }
    }

    private static void add(ResultSet row, StepMeasures measures) throws SQLException {
        measures.addStep(
                row.getObject("went_well", Boolean.class),
                row.getObject("duration_ms", Long.class),
                row.getObject("model_ms", Integer.class),
                row.getLong("screenshots"),
                row.getLong("screenshot_bytes"));
    }
}
