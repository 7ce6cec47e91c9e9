package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.store.jdbc.Columns;
import dev.steptrail.store.model.Rows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes tasks, and adds to others what a batch tells of them besides steps. */
final class WriteTasks {
    private static final String COLUMNS = """
            task_id, owner, announced, started_at, name, description, agent, model, device_id, continues,
                   metadata, started_fields, dropped_steps, dropped_screenshots, losses""";

    private static final String ROWS = """
            unnest(?::uuid[], ?::text[], ?::boolean[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[],
                   ?::text[], ?::uuid[], ?::json[], ?::json[], ?::bigint[], ?::bigint[], ?::json[])
              AS r (%s)""".formatted(COLUMNS);

    private static final String INSERT = """
            INSERT INTO tasks
                   (%1$s)
            SELECT %1$s
              FROM %2$s
             ORDER BY task_id
            ON CONFLICT (task_id) DO NOTHING
            """.formatted(COLUMNS, ROWS);

    private static final String TELL = """
            UPDATE tasks AS t
               SET owner               = r.owner,
                   received_at         = CASE
                                             WHEN r.announced AND NOT t.announced
                                                  OR r.dropped_steps > t.dropped_steps
                                                  OR r.dropped_screenshots > t.dropped_screenshots
                                             THEN greatest(clock_timestamp(), t.received_at + interval '1 microsecond')
                                             ELSE t.received_at
                                         END,
                   announced           = t.announced OR r.announced,
                   started_at          = CASE
                                             WHEN t.announced THEN t.started_at
                                             WHEN r.announced THEN r.started_at
                                             ELSE least(t.started_at, r.started_at)
                                         END,
                   name                = coalesce(t.name, r.name),
                   description         = coalesce(t.description, r.description),
                   agent               = coalesce(t.agent, r.agent),
                   model               = coalesce(t.model, r.model),
                   device_id           = coalesce(t.device_id, r.device_id),
                   continues           = coalesce(t.continues, r.continues),
                   metadata            = coalesce(t.metadata, r.metadata),
                   started_fields      = coalesce(t.started_fields, r.started_fields),
                   dropped_steps       = greatest(t.dropped_steps, r.dropped_steps),
                   dropped_screenshots = greatest(t.dropped_screenshots, r.dropped_screenshots),
                   losses              = CASE
                                             WHEN r.dropped_steps + r.dropped_screenshots
                                                  > t.dropped_steps + t.dropped_screenshots
                                             THEN r.losses
                                             ELSE t.losses
                                         END
              FROM %s
             WHERE t.task_id = r.task_id
            """.formatted(ROWS);

    private WriteTasks() {}

    /**
     * Makes tasks, in the order of their ids, so that two who make the same do not deadlock.
     *
     * @return false if somebody else made one of them meanwhile
     */
    static boolean insert(Connection connection, Collection<TaskArrivals> tasks) throws SQLException {
        return write(connection, INSERT, tasks) == tasks.size();
    }

    /** Adds what is new of tasks, which are locked, and gives them to their owners. */
    static void tell(Connection connection, Collection<TaskArrivals> tasks) throws SQLException {
        write(connection, TELL, tasks);
    }

    private static int write(Connection connection, String sql, Collection<TaskArrivals> tasks) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
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
            return statement.executeUpdate();
        }
    }

    private static Function<TaskArrivals, @Nullable Object> started(Function<TaskStarted, @Nullable Object> field) {
        return task -> task.started() == null ? null : field.apply(task.started());
    }
}
