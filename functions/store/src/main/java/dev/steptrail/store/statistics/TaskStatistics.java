package dev.steptrail.store.statistics;

import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.StepOutcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Adds new steps of tasks to {@code task_stats_daily}. {@code task_processing.counted_steps} contains their numbers, so
 * each step is added once, even if its row is archived and restored. Rows are streamed, because a task may have a
 * million steps. Only one session at a time may add. Not thread-safe.
 *
 * <p>A step is a retry if the JSON text of its action equals that of the previous step, and the previous step failed.
 * The two are compared once both have arrived, if both have rows at that time.
 */
public final class TaskStatistics {
    private static final String SET_CHANGED_AT = """
            INSERT INTO task_processing (task_id, changed_at)
            SELECT task_id,
                   changed_at
              FROM unnest(?::uuid[], ?::timestamptz[]) AS changed (task_id, changed_at)
            ON CONFLICT (task_id) DO UPDATE
                SET changed_at = excluded.changed_at
            """;

    /**
     * Selects the new steps, and the steps after them, which may be retries. Screenshot sizes are reported by
     * recorders and not verified, so each counts as at most 2 GiB. OFFSET 0 makes the planner read the steps first.
     */
    private static final String STEPS = """
            WITH changed AS MATERIALIZED (
                SELECT task_id,
                       counted_steps + '{}'::int8multirange AS counted_steps -- decompresses the value once
                  FROM task_processing
                  JOIN tasks USING (task_id)
                 WHERE task_id = ANY (?)
                   AND deleted_at IS NULL
            )
            SELECT s.task_id,
                   s.step_number,
                   s.day,
                   s.step_type,
                   s.action,
                   s.succeeded,
                   s.duration_ms,
                   s.model_ms,
                   s.input_tokens,
                   s.cached_tokens,
                   s.output_tokens,
                   s.is_new,
                   CASE WHEN failed.action IS NOT NULL
                        THEN s.step_data ->> 'action' = failed.action
                   END AS is_retry,
                   stored.screenshots,
                   stored.screenshot_bytes
              FROM changed
             CROSS JOIN LATERAL (SELECT task_id,
                                        step_number,
                                        (created_at AT TIME ZONE 'UTC')::date       AS day,
                                        step_type,
                                        left(coalesce(action_name, ''), 60)         AS action,
                                        %1$s AS succeeded,
                                        duration_ms,
                                        model_ms,
                                        input_tokens,
                                        cached_tokens,
                                        output_tokens,
                                        step_data,
                                        NOT step_number::bigint <@ changed.counted_steps AS is_new
                                   FROM task_steps
                                  WHERE task_id = changed.task_id
                                    AND NOT int8range(step_number::bigint - 1, step_number, '[]') <@ changed.counted_steps
                                 OFFSET 0) AS s
              LEFT JOIN LATERAL (SELECT step_data ->> 'action' AS action
                                   FROM task_steps
                                  WHERE task_id = s.task_id
                                    AND step_number = s.step_number - 1
                                    AND NOT %1$s
                                 OFFSET 0) AS failed ON true
             CROSS JOIN LATERAL (SELECT count(*)                                               AS screenshots,
                                        coalesce(sum(least(file_size, 2147483647)), 0)::bigint AS screenshot_bytes
                                   FROM step_screenshots
                                  WHERE task_id = s.task_id
                                    AND step_number = s.step_number) AS stored
            """.formatted(StepOutcome.SUCCEEDED);

    private static final String SET_COUNTED_STEPS = """
            UPDATE task_processing
               SET counted_steps = counted_steps + ?::int8multirange
             WHERE task_id = ?
            """;

    /** Existing rows are deleted and inserted again with the new totals, because Postgres cannot merge sketches. */
    private static final String DELETE_EXISTING = """
            DELETE FROM task_stats_daily AS d
             USING unnest(?::uuid[], ?::date[], ?::text[], ?::text[]) AS k (task_id, day, step_type, action)
             WHERE d.task_id = k.task_id
               AND d.day = k.day
               AND d.step_type = k.step_type
               AND d.action = k.action
            RETURNING d.*
            """;

    private static final String INSERT = """
            INSERT INTO task_stats_daily (task_id, day, step_type, action, %s)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """.formatted(StepTotals.COLUMNS);

    private static final int FETCH_SIZE = 1000;

    /** Limits memory, because steps may have any number of types and actions. */
    private static final int MAX_PENDING_ROWS = 500;

    private final Session session;
    private final Map<Key, StepTotals> pending = new HashMap<>();
    private @Nullable UUID currentTask;
    private StepNumbers numbers = new StepNumbers();
    private long steps;

    private TaskStatistics(Session session) {
        this.session = session;
    }

    /**
     * Adds the new steps of these tasks and sets their {@code changed_at}.
     *
     * @return the number of steps added
     */
    public static long add(Session session, List<ChangedTask> tasks) throws SQLException {
        session.sql(
                        SET_CHANGED_AT,
                        Sql.column("uuid", tasks, ChangedTask::taskId),
                        Sql.column("timestamptz", tasks, ChangedTask::changedAt))
                .update();
        TaskStatistics statistics = new TaskStatistics(session);
        session.sql(STEPS, Sql.column("uuid", tasks, ChangedTask::taskId))
                .fetchSize(FETCH_SIZE)
                .forEach(statistics::add);
        statistics.setCountedSteps();
        statistics.write();
        return statistics.steps;
    }

    /**
     * A task that changed since maintenance last processed it.
     *
     * @param changedAt when data of the task was last stored, or when the task was deleted
     */
    public record ChangedTask(UUID taskId, Instant changedAt) {}

    private record Key(UUID taskId, LocalDate day, String stepType, String action) {
        static final RecordMapper<Key> ROW = RecordMapper.of(Key.class);
    }

    private void add(ResultSet row) throws SQLException {
        boolean isNew = row.getBoolean("is_new");
        boolean isRetry = row.getBoolean("is_retry");
        if (isNew || isRetry) {
            StepTotals totals = totals(Key.ROW.map(row));
            if (isNew) {
                addStep(row, totals);
            }
            if (isRetry) {
                totals.addRetry();
            }
        }
    }

    private void addStep(ResultSet row, StepTotals totals) throws SQLException {
        totals.addStep(
                row.getObject("succeeded", Boolean.class),
                row.getObject("duration_ms", Long.class),
                row.getObject("model_ms", Integer.class),
                row.getLong("screenshots"),
                row.getLong("screenshot_bytes"));
        totals.addTokens(
                row.getObject("input_tokens", Long.class),
                row.getObject("cached_tokens", Long.class),
                row.getObject("output_tokens", Long.class));
        UUID taskId = row.getObject("task_id", UUID.class);
        if (!taskId.equals(currentTask)) {
            setCountedSteps();
            currentTask = taskId;
            numbers = new StepNumbers();
        }
        numbers.add(row.getInt("step_number"));
        steps++;
    }

    private void setCountedSteps() throws SQLException {
        if (currentTask != null) {
            session.sql(SET_COUNTED_STEPS, numbers.toMultirange(), currentTask).update();
        }
    }

    private StepTotals totals(Key key) throws SQLException {
        if (pending.size() == MAX_PENDING_ROWS && !pending.containsKey(key)) {
            write();
        }
        return pending.computeIfAbsent(key, row -> new StepTotals());
    }

    private void write() throws SQLException {
        if (pending.isEmpty()) {
            return;
        }
        addExistingRows();
        session.batch(INSERT, pending.entrySet(), row -> {
            Key key = row.getKey();
            List<@Nullable Object> values =
                    new ArrayList<>(List.of(key.taskId(), key.day(), key.stepType(), key.action()));
            values.addAll(row.getValue().values());
            return values.toArray();
        });
        pending.clear();
    }

    private void addExistingRows() throws SQLException {
        Collection<Key> keys = pending.keySet();
        session.sql(
                        DELETE_EXISTING,
                        Sql.column("uuid", keys, Key::taskId),
                        Sql.column("date", keys, Key::day),
                        Sql.column("text", keys, Key::stepType),
                        Sql.column("text", keys, Key::action))
                .forEach(row -> totals(Key.ROW.map(row)).add(row));
    }
}
