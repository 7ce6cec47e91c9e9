package dev.steptrail.store.model;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** The columns of rejected_messages that may be told, named once, and a row of them read. */
public final class RejectedColumns {
    public static final String ENTRY = "id, rejected_at, sender_id, owner, task_id, step_number, reason";

    private RejectedColumns() {}

    public static RejectedEntry entry(ResultSet row) throws SQLException {
        return new RejectedEntry(
                row.getLong("id"),
                StepColumns.requiredTime(row, "rejected_at"),
                row.getString("sender_id"),
                row.getString("owner"),
                row.getObject("task_id", UUID.class),
                row.getObject("step_number", Integer.class),
                row.getString("reason"));
    }
}
