package dev.steptrail.store;

import java.sql.PreparedStatement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which messages were rejected, newest first? */
public final class ListRejected {
    private static final String SQL = """
            SELECT %s
              FROM rejected_messages
             WHERE id < ?
               AND (?::text IS NULL OR owner = ?)
               AND (?::text IS NULL OR sender_id = ?)
               AND (?::uuid IS NULL OR task_id = ?)
             ORDER BY id DESC
             LIMIT ?
            """.formatted(RejectedColumns.ENTRY);

    private final Database database;

    public ListRejected(Database database) {
        this.database = database;
    }

    /** Which of them: those of an owner, of a sender, and of a task; null is any. */
    public record Filter(
            @Nullable String owner,
            @Nullable String senderId,
            @Nullable UUID taskId) {}

    /**
     * A page of the list.
     *
     * @param before the id with which the page before ended, or null for the first
     * @param limit at least 1
     */
    public Page<RejectedEntry> page(Filter filter, @Nullable Long before, int limit) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setLong(1, before == null ? Long.MAX_VALUE : before);
                statement.setString(2, filter.owner());
                statement.setString(3, filter.owner());
                statement.setString(4, filter.senderId());
                statement.setString(5, filter.senderId());
                statement.setObject(6, filter.taskId());
                statement.setObject(7, filter.taskId());
                statement.setInt(8, limit + 1);
                return PageReader.read(
                        statement, limit, RejectedColumns::entry, entry -> PageReader.length(entry.reason()));
            }
        });
    }
}
