package dev.steptrail.store.admin;

import dev.steptrail.store.jdbc.Database;
import java.sql.PreparedStatement;

/** Writes down that somebody read a rejected message, for whom it is about: the owner of its task, else of its sender. */
public final class RecordRejectedRead {
    private static final String SQL = """
            INSERT INTO audit_log (caller, action, task_id, task_owner, detail)
            SELECT ?, 'read_rejected', r.task_id, coalesce(t.owner, r.owner),
                   jsonb_build_object('id', r.id, 'sender_id', r.sender_id)
              FROM rejected_messages AS r
              LEFT JOIN tasks AS t USING (task_id)
             WHERE r.id = ?
            """;

    private final Database database;

    public RecordRejectedRead(Database database) {
        this.database = database;
    }

    /**
     * Adds it to the audit log.
     *
     * @param caller the subject of their token
     * @return whether the message was still there
     */
    public boolean record(String caller, long id) {
        return database.once(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setString(1, caller);
                statement.setLong(2, id);
                return statement.executeUpdate() == 1;
            }
        });
    }
}
