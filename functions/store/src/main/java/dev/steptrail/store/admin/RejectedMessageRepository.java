package dev.steptrail.store.admin;

import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.store.admin.AuditLog.AuditEntry;
import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.RecordMapper;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads and deletes rejected messages. */
public final class RejectedMessageRepository {
    private static final RecordMapper<RejectedEntry> ENTRY = RecordMapper.of(RejectedEntry.class);

    private static final String FIND = """
            SELECT %s,
                   body,
                   content_encoding,
                   encode(fingerprint, 'hex') AS fingerprint
              FROM rejected_messages
             WHERE id = ?
            """.formatted(ENTRY.columns());

    private static final String DELETE = """
            DELETE FROM rejected_messages
             WHERE id = ?
            """;

    private final Database database;

    public RejectedMessageRepository(Database database) {
        this.database = database;
    }

    /**
     * A rejected message without its body.
     *
     * @param owner the sender's owner at the time of the rejection; null if the sender was not registered
     * @param taskId null if the message contains no task id, or several
     * @param reason never contains parts of the body
     */
    public record RejectedEntry(
            long id,
            Instant rejectedAt,
            String senderId,
            @Nullable String owner,
            @Nullable UUID taskId,
            @Nullable Integer stepNumber,
            String reason) {}

    /**
     * A rejected message, which can be sent again unchanged.
     *
     * @param fingerprint a hash that is equal if the same message is rejected again for the same reason
     */
    public record RejectedMessage(RejectedEntry entry, MessageBody body, String fingerprint) {}

    /** Filters messages. A null field matches all messages. */
    public record Filter(
            @Nullable String owner,
            @Nullable String senderId,
            @Nullable UUID taskId) {}

    /** Returns a message with its body; empty if it does not exist. */
    public Optional<RejectedMessage> find(long id) {
        return database.read(session -> session.sql(FIND, id)
                .first(row -> new RejectedMessage(
                        ENTRY.map(row),
                        new MessageBody(row.getString("body"), row.getString("content_encoding")),
                        row.getString("fingerprint"))));
    }

    /** Returns a page of the messages without their bodies, newest first. */
    public Page<RejectedEntry> page(Filter filter, @Nullable Long before, int limit) {
        Conditions conditions = new Conditions()
                .and("owner = ?", filter.owner())
                .and("sender_id = ?", filter.senderId())
                .and("task_id = ?", filter.taskId());
        return Page.newestFirst(
                database, ENTRY, "rejected_messages", conditions, before, limit, entry -> Page.length(entry.reason()));
    }

    /**
     * Deletes a message.
     *
     * @param entry the audit log entry to write if the message existed
     * @return true if this call deleted the message
     */
    public boolean remove(long id, AuditEntry entry) {
        return database.inTransaction(session -> {
            boolean removed = session.sql(DELETE, id).update() == 1;
            if (removed) {
                AuditLog.addInTransaction(session, entry);
            }
            return removed;
        });
    }

    /**
     * Ends the retry of a message.
     *
     * @param isKept whether the message was rejected again for the same reason, so that it is not deleted
     * @param result the result of the job
     */
    public void endRetry(long id, boolean isKept, JobCompletion completion, Map<String, ?> result) {
        database.inTransaction(session -> {
            if (!isKept) {
                session.sql(DELETE, id).update();
            }
            return completion.write(session, result);
        });
    }
}
