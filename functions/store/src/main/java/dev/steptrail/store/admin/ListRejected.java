package dev.steptrail.store.admin;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.PageReader;
import dev.steptrail.store.model.RejectedColumns;
import dev.steptrail.store.model.RejectedEntry;
import java.sql.PreparedStatement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which messages were rejected, newest first? */
public final class ListRejected {
    private static final String SQL = """
            SELECT %s
              FROM rejected_messages
             WHERE id < ?
            %s ORDER BY id DESC
             LIMIT ?
            """;

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
        Conditions conditions = new Conditions()
                .and("owner = ?", filter.owner())
                .and("sender_id = ?", filter.senderId())
                .and("task_id = ?", filter.taskId());
        return database.read(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement(SQL.formatted(RejectedColumns.ENTRY, conditions.sql()))) {
                statement.setLong(1, before == null ? Long.MAX_VALUE : before);
                statement.setInt(conditions.bind(statement, 2), limit + 1);
                return PageReader.read(
                        statement, limit, RejectedColumns::entry, entry -> PageReader.length(entry.reason()));
            }
        });
    }
}
