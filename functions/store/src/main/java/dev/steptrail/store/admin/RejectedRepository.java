package dev.steptrail.store.admin;

import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.AuditEntry;
import dev.steptrail.store.model.RejectedEntry;
import dev.steptrail.store.model.RejectedMessage;
import dev.steptrail.store.model.StepColumns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Messages that were rejected, with the reason. */
public final class RejectedRepository {
    private static final String ENTRY = "id, rejected_at, sender_id, owner, task_id, step_number, reason";

    private static final String FIND = """
            SELECT %s,
                   body,
                   content_encoding,
                   encode(fingerprint, 'hex') AS fingerprint
              FROM rejected_messages
             WHERE id = ?
            """.formatted(ENTRY);

    private static final String LIST = """
            SELECT %s
              FROM rejected_messages
             WHERE id < ?
            %s ORDER BY id DESC
             LIMIT ?
            """;

    private static final String DELETE = """
            DELETE FROM rejected_messages
             WHERE id = ?
            """;

    private final Database database;

    public RejectedRepository(Database database) {
        this.database = database;
    }

    /** Selects the messages of an owner, of a sender, of a task; null selects any. */
    public record Filter(
            @Nullable String owner,
            @Nullable String senderId,
            @Nullable UUID taskId) {}

    /** Returns the whole message; empty if there is none with this id. */
    public Optional<RejectedMessage> find(long id) {
        return database.read(connection -> Sql.of(connection, FIND, id)
                .first(row -> new RejectedMessage(
                        entry(row),
                        new MessageBody(row.getString("body"), row.getString("content_encoding")),
                        row.getString("fingerprint"))));
    }

    /**
     * Returns a page of the messages without their bodies, newest first.
     *
     * @param before the last id of the page before; null for the first page
     * @param limit at least 1
     */
    public Page<RejectedEntry> page(Filter filter, @Nullable Long before, int limit) {
        Conditions conditions = new Conditions()
                .and("owner = ?", filter.owner())
                .and("sender_id = ?", filter.senderId())
                .and("task_id = ?", filter.taskId());
        return database.read(connection -> Sql.of(
                        connection,
                        LIST.formatted(ENTRY, conditions.sql()),
                        before == null ? Long.MAX_VALUE : before,
                        conditions,
                        limit + 1)
                .page(limit, RejectedRepository::entry, entry -> Page.length(entry.reason())));
    }

    /**
     * Deletes a message.
     *
     * @param entry recorded if the message was there
     * @return whether it was there; of two concurrent calls one returns true
     */
    public boolean remove(long id, AuditEntry entry) {
        return database.inTransaction(connection -> {
            boolean removed = Sql.of(connection, DELETE, id).update() == 1;
            if (removed) {
                AuditLog.insert(connection, entry);
            }
            return removed;
        });
    }

    private static RejectedEntry entry(ResultSet row) throws SQLException {
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
