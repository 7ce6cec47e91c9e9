package dev.steptrail.store.admin;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.PageReader;
import dev.steptrail.store.model.StepColumns;
import dev.steptrail.store.model.UnregisteredSender;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Lists the senders that are not registered and have rejected messages, by sender_id. */
public final class ListUnregisteredSenders {
    private static final String SQL = """
            SELECT r.sender_id,
                   count(*)           AS messages,
                   min(r.rejected_at) AS first_rejected_at,
                   max(r.rejected_at) AS last_rejected_at
              FROM rejected_messages AS r
             WHERE r.owner IS NULL
               AND r.sender_id > ?
               AND NOT EXISTS (SELECT
                                 FROM agents AS a
                                WHERE a.sender_id IN (r.sender_id, split_part(r.sender_id, ':', 1)))
             GROUP BY r.sender_id
             ORDER BY r.sender_id
             LIMIT ?
            """;

    private final Database database;

    public ListUnregisteredSenders(Database database) {
        this.database = database;
    }

    /**
     * Returns a page of the list.
     *
     * @param after the last sender_id of the previous page; null for the first page
     * @param limit at least 1
     */
    public Page<UnregisteredSender> page(@Nullable String after, int limit) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setString(1, after == null ? "" : after);
                statement.setInt(2, limit + 1);
                return PageReader.read(
                        statement,
                        limit,
                        ListUnregisteredSenders::sender,
                        sender -> PageReader.length(sender.senderId()));
            }
        });
    }

    private static UnregisteredSender sender(ResultSet row) throws SQLException {
        return new UnregisteredSender(
                row.getString("sender_id"),
                row.getLong("messages"),
                StepColumns.requiredTime(row, "first_rejected_at"),
                StepColumns.requiredTime(row, "last_rejected_at"));
    }
}
