package dev.steptrail.store.model;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** The columns of tasks that readers see, named once, and a row of them read. */
public final class TaskColumns {
    public static final String ALL = """
            task_id, owner, name, description, agent, model, device_id, status, message, ending, continues, announced,
            started_at, ended_at, last_step_at, last_step_number, received_at, total_steps, successful_steps, failed_steps,
            total_duration_ms, dropped_steps, dropped_screenshots, conflicts, keep, losses, metadata, started_fields,
            ended_fields""";

    private TaskColumns() {}

    public static Task task(ResultSet row) throws SQLException {
        return new Task(
                row.getObject("task_id", UUID.class),
                row.getString("owner"),
                row.getString("name"),
                row.getString("description"),
                row.getString("agent"),
                row.getString("model"),
                row.getString("device_id"),
                row.getString("status"),
                row.getString("message"),
                row.getString("ending"),
                row.getObject("continues", UUID.class),
                row.getBoolean("announced"),
                StepColumns.requiredTime(row, "started_at"),
                StepColumns.time(row, "ended_at"),
                StepColumns.time(row, "last_step_at"),
                row.getObject("last_step_number", Integer.class),
                StepColumns.requiredTime(row, "received_at"),
                row.getInt("total_steps"),
                row.getInt("successful_steps"),
                row.getInt("failed_steps"),
                row.getLong("total_duration_ms"),
                row.getLong("dropped_steps"),
                row.getLong("dropped_screenshots"),
                row.getInt("conflicts"),
                row.getBoolean("keep"),
                row.getString("losses"),
                row.getString("metadata"),
                row.getString("started_fields"),
                row.getString("ended_fields"));
    }
}
