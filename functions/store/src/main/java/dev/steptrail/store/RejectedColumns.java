package dev.steptrail.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.UUID;

/** The columns of rejected_messages that may be told, named once, and a row of them read. */
final class RejectedColumns {
    static final String ENTRY = "id, rejected_at, sender_id, owner, task_id, step_number, reason";

    private RejectedColumns() {}

    static RejectedEntry entry(ResultSet row) throws SQLException {
        return new RejectedEntry(
                row.getLong("id"),
                row.getObject("rejected_at", OffsetDateTime.class).toInstant(),
                row.getString("sender_id"),
                row.getString("owner"),
                row.getObject("task_id", UUID.class),
                row.getObject("step_number", Integer.class),
                row.getString("reason"));
    }
}
