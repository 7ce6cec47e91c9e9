package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.judgements.VerdictRepository;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Stores verdicts that arrive before any other record of their task. The first other record decides who owns the task,
 * and until then it is unknown whether the sender may judge it. So these verdicts wait with their sender, and are
 * written with the task's first batch. A verdict that is stored while another writer inserts its task is written by
 * maintenance.
 */
final class EarlyVerdicts {
    static final String EXPIRED = "no other record of the task arrived within a day";

    private static final String TAKE = """
            DELETE FROM early_verdicts
             WHERE (task_id, sender_id, hash) IN (SELECT task_id, sender_id, hash
                                                    FROM early_verdicts AS e
                                                   WHERE %s
                                                   ORDER BY task_id, sender_id, hash
                                                   LIMIT ?)
            RETURNING sender_id,
                      record,
                      NOT EXISTS (SELECT
                                    FROM tasks AS t
                                   WHERE t.task_id = early_verdicts.task_id) AS is_without_task
            """;

    private static final String TAKE_OF_TASKS = TAKE.formatted("task_id = ANY (?)");

    private static final String TAKE_DUE = TAKE.formatted("""
            received_at < now() - interval '1 day'
                                                      OR EXISTS (SELECT
                                                                   FROM tasks AS t
                                                                  WHERE t.task_id = e.task_id)""");

    /** Bounds the memory of a batch, because a task may have thousands of early verdicts. */
    private static final int MAX_TAKEN = 200;

    /**
     * Stores at most as many verdicts of a sender on a task as a task may have, and returns the others. The limit is
     * approximate: concurrent writers may exceed it by the verdicts of their batches.
     */
    private static final String INSERT = """
            WITH numbered AS (
                SELECT r.*,
                       row_number() OVER (PARTITION BY task_id, sender_id ORDER BY hash)
                       + (SELECT count(*)
                            FROM early_verdicts AS e
                           WHERE e.task_id = r.task_id
                             AND e.sender_id = r.sender_id) AS number
                  FROM (SELECT DISTINCT *
                          FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[]) AS r (task_id, sender_id, hash, record))
                       AS r
                 WHERE NOT EXISTS (SELECT
                                     FROM early_verdicts AS e
                                    WHERE e.task_id = r.task_id
                                      AND e.sender_id = r.sender_id
                                      AND e.hash = r.hash)
            ), inserted AS (
                INSERT INTO early_verdicts (task_id, sender_id, hash, record)
                SELECT task_id, sender_id, hash, record
                  FROM numbered
                 WHERE number <= %1$d
                 ORDER BY task_id, sender_id, hash
                ON CONFLICT DO NOTHING
            )
            SELECT sender_id,
                   hash
              FROM numbered
             WHERE number > %1$d
            """.formatted(VerdictRepository.MAX_VERDICTS);

    /** A verdict on a task that is not stored. Only what a verdict stores is kept, which bounds the length of a row. */
    record EarlyVerdict(String senderId, String senderOwner, MessageRecord.Valid element, Verdict verdict) {
        EarlyVerdict {
            verdict = VerdictWriter.truncate(verdict);
        }

        private String json() {
            return new String(RecordCodec.encode(verdict), StandardCharsets.UTF_8);
        }

        private String hash() {
            return Sha256.hex(json().getBytes(StandardCharsets.UTF_8));
        }
    }

    private EarlyVerdicts() {}

    /** Removes the first early verdicts of tasks that this transaction inserts. The caller must write them. */
    static List<ReceivedMessage> take(Session session, Collection<UUID> inserted) throws SQLException {
        return inserted.isEmpty()
                ? List.of()
                : session.sql(TAKE_OF_TASKS, Sql.array("uuid", inserted), MAX_TAKEN)
                        .list(EarlyVerdicts::message);
    }

    /**
     * Removes early verdicts whose task exists, and those whose task has not arrived within a day. The latter are
     * returned as rejected. The caller must write them.
     */
    static List<ReceivedMessage> takeDue(Session session) throws SQLException {
        return session.sql(TAKE_DUE, MAX_TAKEN).list(row -> {
            ReceivedMessage message = message(row);
            return row.getBoolean("is_without_task") ? message.rejected(EXPIRED) : message;
        });
    }

    private static ReceivedMessage message(ResultSet row) throws SQLException {
        try {
            MessageRecord.Valid element = new MessageRecord.Valid(
                    RecordCodec.decode(row.getString("record").getBytes(StandardCharsets.UTF_8)));
            return new ReceivedMessage(
                    row.getString("sender_id"), MessageCodec.encode(List.of(element.json())), List.of(element), null);
        } catch (InvalidRecordException e) {
            throw new IllegalStateException("an early verdict that ingest stored cannot be decoded", e);
        }
    }

    /**
     * Stores early verdicts.
     *
     * @return rejections of those that exceed the limit
     */
    static List<Rejection> insert(Session session, Collection<EarlyVerdict> verdicts) throws SQLException {
        if (verdicts.isEmpty()) {
            return List.of();
        }
        Set<String> refused = new HashSet<>(session.sql(
                        INSERT,
                        Sql.column("uuid", verdicts, each -> each.verdict().taskId()),
                        Sql.column("text", verdicts, EarlyVerdict::senderId),
                        Sql.column("text", verdicts, EarlyVerdict::hash),
                        Sql.column("text", verdicts, EarlyVerdict::json))
                .list(row -> row.getString("sender_id") + row.getString("hash")));
        return verdicts.stream()
                .filter(each -> refused.contains(each.senderId() + each.hash()))
                .map(each -> Rejection.forRecord(
                        each.senderId(),
                        each.senderOwner(),
                        each.element(),
                        RejectionCause.NOT_ALLOWED,
                        VerdictWriter.TOO_MANY))
                .toList();
    }
}
