package dev.steptrail.store.admin;

import dev.steptrail.store.admin.AuditLog.AuditEntry;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.Agent;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Manages registered senders. Messages from unregistered senders are rejected. */
public final class AgentRepository {
    private static final String UPSERT = """
            INSERT INTO agents (sender_id, owner, on_behalf_of)
            VALUES (?, ?, ?)
            ON CONFLICT (sender_id) DO UPDATE
                SET owner        = excluded.owner,
                    on_behalf_of = excluded.on_behalf_of
            """;

    private static final String DELETE = """
            DELETE FROM agents
             WHERE sender_id = ?
            """;

    private static final String LIST = """
            SELECT %s
              FROM agents
             WHERE sender_id > ?
             ORDER BY sender_id
             LIMIT ?
            """.formatted(Agent.ROW.columns());

    private static final String LIST_UNREGISTERED = """
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

    private static final RecordMapper<UnregisteredSender> UNREGISTERED = RecordMapper.of(UnregisteredSender.class);

    private final Database database;

    public AgentRepository(Database database) {
        this.database = database;
    }

    /**
     * A sender whose messages were rejected because it is not registered.
     *
     * @param messages the number of the sender's rejected messages
     */
    public record UnregisteredSender(String senderId, long messages, Instant firstRejectedAt, Instant lastRejectedAt) {}

    /** Registers a sender, or replaces its registration. */
    public void register(Agent agent) {
        database.inTransaction(session -> upsert(session, agent));
    }

    /** Registers a sender and records that in the audit log. */
    public void register(Agent agent, AuditEntry entry) {
        database.inTransaction(session -> {
            AuditLog.addInTransaction(session, entry);
            return upsert(session, agent);
        });
    }

    private static int upsert(Session session, Agent agent) throws SQLException {
        return session.sql(UPSERT, agent.senderId(), agent.owner(), Sql.array("text", agent.onBehalfOf()))
                .update();
    }

    /**
     * Removes a sender. Its tasks and objects are kept, but new steps that reference its objects are rejected.
     *
     * @param entry the audit log entry to write if the sender was registered
     * @return whether it was registered
     */
    public boolean remove(String senderId, AuditEntry entry) {
        return database.inTransaction(session -> {
            boolean removed = session.sql(DELETE, senderId).update() == 1;
            if (removed) {
                AuditLog.addInTransaction(session, entry);
            }
            return removed;
        });
    }

    /** Returns a page of the senders, sorted by id. */
    public Page<Agent> page(@Nullable String after, int limit) {
        return database.read(session -> session.sql(LIST, after == null ? "" : after, limit + 1)
                .page(limit, Agent.ROW, agent -> Page.length(agent.onBehalfOf().toArray(String[]::new))));
    }

    /** Returns a page of the unregistered senders with rejected messages, sorted by id. */
    public Page<UnregisteredSender> unregisteredSenders(@Nullable String after, int limit) {
        return database.read(session -> session.sql(LIST_UNREGISTERED, after == null ? "" : after, limit + 1)
                .page(limit, UNREGISTERED, sender -> Page.length(sender.senderId())));
    }
}
