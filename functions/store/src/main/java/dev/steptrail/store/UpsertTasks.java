package dev.steptrail.store;

import dev.steptrail.stepformat.TaskStarted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tasks that are not there, adds to the others what is new of them, gives those whose task_started was late to the
 * owner that it names, and locks them all until the transaction ends,
 * in the order of their ids: every writer of steps comes through here or has locked them by {@link LockTasks}, so that no two can
 * deadlock.
 */
final class UpsertTasks {
    /** xmax is 0 in a row that this statement inserted, and names the lock in one that it found. */
    private static final String SQL = """
            INSERT INTO tasks AS t
                   (task_id, owner, announced, started_at, name, description, agent, model, device_id, continues,
                    metadata, started_fields, dropped_steps, dropped_screenshots, losses)
            SELECT r.task_id, r.owner, r.announced, r.started_at, r.name, r.description, r.agent, r.model, r.device_id,
                   r.continues, r.metadata, r.started_fields, r.dropped_steps, r.dropped_screenshots, r.losses
              FROM unnest(?::uuid[], ?::text[], ?::boolean[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[],
                          ?::text[], ?::uuid[], ?::json[], ?::json[], ?::bigint[], ?::bigint[], ?::json[])
                   AS r (task_id, owner, announced, started_at, name, description, agent, model,
                         device_id, continues, metadata, started_fields, dropped_steps, dropped_screenshots, losses)
             ORDER BY r.task_id
            ON CONFLICT (task_id) DO UPDATE
                SET owner               = excluded.owner,
                    received_at         = CASE
                                              WHEN excluded.announced AND NOT t.announced
                                                   OR excluded.dropped_steps > t.dropped_steps
                                                   OR excluded.dropped_screenshots > t.dropped_screenshots
                                              THEN now()
                                              ELSE t.received_at
                                          END,
                    announced           = t.announced OR excluded.announced,
                    started_at          = CASE
                                              WHEN t.announced        THEN t.started_at
                                              WHEN excluded.announced THEN excluded.started_at
                                              ELSE least(t.started_at, excluded.started_at)
                                          END,
                    name                = coalesce(t.name, excluded.name),
                    description         = coalesce(t.description, excluded.description),
                    agent               = coalesce(t.agent, excluded.agent),
                    model               = coalesce(t.model, excluded.model),
                    device_id           = coalesce(t.device_id, excluded.device_id),
                    continues           = coalesce(t.continues, excluded.continues),
                    metadata            = coalesce(t.metadata, excluded.metadata),
                    started_fields      = coalesce(t.started_fields, excluded.started_fields),
                    dropped_steps       = greatest(t.dropped_steps, excluded.dropped_steps),
                    dropped_screenshots = greatest(t.dropped_screenshots, excluded.dropped_screenshots),
                    losses              = CASE
                                              WHEN excluded.dropped_steps + excluded.dropped_screenshots
                                                   > t.dropped_steps + t.dropped_screenshots
                                              THEN excluded.losses
                                              ELSE t.losses
                                          END
              WHERE (   t.owner = excluded.owner
                     OR NOT t.announced AND (t.task_id, t.owner) IN (SELECT h.task_id, h.owner
                                                                       FROM unnest(?::uuid[], ?::text[])
                                                                            AS h (task_id, owner)))
                AND t.deleted_at IS NULL
            RETURNING task_id,
                      xmax = 0            AS is_new,
                      status = 'archived' AS is_archived
            """;

    private UpsertTasks() {}

    /** Each task that is now written and locked. A task of another owner, or deleted, is left out. */
    static Map<UUID, TaskBefore> in(
            Connection connection, Collection<TaskArrivals> tasks, Collection<BatchPlan.HandOver> handOvers)
            throws SQLException {
        Map<UUID, String> beginners = new HashMap<>();
        handOvers.forEach(handOver -> beginners.put(handOver.taskId(), handOver.from()));
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            Columns<TaskArrivals> columns = new Columns<>(statement, tasks);
            columns.set("uuid", TaskArrivals::taskId);
            columns.set("text", TaskArrivals::owner);
            columns.set("boolean", task -> task.started() != null);
            columns.set("timestamptz", TaskArrivals::startedAt);
            columns.set("text", started(TaskStarted::name));
            columns.set("text", started(TaskStarted::description));
            columns.set("text", started(TaskStarted::agent));
            columns.set("text", started(TaskStarted::model));
            columns.set("text", started(TaskStarted::deviceId));
            columns.set("uuid", started(TaskStarted::continues));
            columns.set("json", started(start -> Rows.jsonOrNull(start.metadata())));
            columns.set("json", started(start -> Rows.jsonOrNull(start.unknown())));
            columns.set(
                    "bigint", task -> task.losses() == null ? 0 : task.losses().totalDroppedSteps());
            columns.set(
                    "bigint", task -> task.losses() == null ? 0 : task.losses().totalDroppedScreenshots());
            columns.set("json", TaskArrivals::lossesJson);
            columns.set("uuid", TaskArrivals::taskId);
            columns.set("text", task -> beginners.get(task.taskId()));

            Map<UUID, TaskBefore> written = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    written.put(rows.getObject("task_id", UUID.class), before(rows));
                }
            }
            return written;
        }
    }

    private static TaskBefore before(ResultSet row) throws SQLException {
        if (row.getBoolean("is_new")) {
            return TaskBefore.NEW;
        }
        return row.getBoolean("is_archived") ? TaskBefore.ARCHIVED : TaskBefore.KNOWN;
    }

    private static Function<TaskArrivals, @Nullable Object> started(Function<TaskStarted, @Nullable Object> field) {
        return task -> task.started() == null ? null : field.apply(task.started());
    }
}
