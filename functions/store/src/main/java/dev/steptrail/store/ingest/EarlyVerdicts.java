package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.jdbc.Sql.RowReader;
import dev.steptrail.store.judgements.VerdictRepository;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Stores verdicts that arrive before any other record of their task. The first other record decides who owns the task,
 * and until then it is unknown whether the sender may judge it. So these verdicts are stored with their sender, and are
 * processed in the transaction that stores the first other record.
 */
final class EarlyVerdicts {
    /**
     * A writer that stores an early verdict and one that inserts its task must not run concurrently, because neither
     * would see the row of the other. The number of locks is bounded, because a batch may contain thousands of tasks.
     */
    private static final String LOCK = """
            SELECT %s(hashtextextended('steptrail early verdicts', slot))
              FROM (SELECT DISTINCT get_byte(uuid_send(task_id), 15) %% 32 AS slot
                      FROM unnest(?::uuid[]) AS t (task_id)
                     ORDER BY slot) AS slots""";

    /** Bounds the memory, because a task may have thousands of early verdicts, and a batch thousands of tasks. */
    private static final int MAX_TAKEN = 200;

    private static final String TAKE = """
            DELETE FROM early_verdicts
             WHERE (task_id, sender_id, hash) IN (SELECT task_id, sender_id, hash
                                                    FROM early_verdicts
                                                   WHERE task_id = ANY (?)
                                                   LIMIT %d)
            RETURNING sender_id, record
            """.formatted(MAX_TAKEN);

    private static final String REST = """
            ;
            SELECT task_id
              FROM tasks
             WHERE task_id = ANY (?);
            """ + TAKE;

    private static final String SHARED = LOCK.formatted("pg_advisory_xact_lock_shared") + REST;
    private static final String EXCLUSIVE = LOCK.formatted("pg_advisory_xact_lock") + REST;

    /** Stores at most as many verdicts of a sender on a task as a task may have, and returns the others. */
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

    /**
     * Locks tasks, and removes the first of their early verdicts, which the caller must store in this transaction.
     * {@link #take} removes the next ones.
     *
     * @param inserted the tasks that this transaction inserts
     * @param awaited the tasks of which this transaction stores early verdicts
     * @return the removed verdicts; empty if another writer has inserted one of the tasks
     */
    static Optional<List<ReceivedMessage>> lockAndTake(
            Session session, Collection<UUID> inserted, Collection<UUID> awaited) throws SQLException {
        List<UUID> all = new ArrayList<>(inserted);
        all.addAll(awaited);
        List<UUID> existing = new ArrayList<>();
        List<ReceivedMessage> taken = new ArrayList<>();
        RowReader ignored = row -> {};
        session.sql(
                        awaited.isEmpty() ? SHARED : EXCLUSIVE,
                        Sql.array("uuid", all),
                        Sql.array("uuid", all),
                        Sql.array("uuid", inserted))
                .forEachResult(
                        ignored,
                        row -> existing.add(row.getObject("task_id", UUID.class)),
                        row -> taken.add(message(row.getString("sender_id"), row.getString("record"))));
        return existing.isEmpty() ? Optional.of(taken) : Optional.empty();
    }

    /** Removes the next early verdicts of tasks that {@link #lockAndTake} has locked; empty if there are no more. */
    static List<ReceivedMessage> take(Session session, Collection<UUID> inserted) throws SQLException {
        return session.sql(TAKE, Sql.array("uuid", inserted))
                .list(row -> message(row.getString("sender_id"), row.getString("record")));
    }

    private static ReceivedMessage message(String senderId, String json) {
        try {
            MessageRecord.Valid element =
                    new MessageRecord.Valid(RecordCodec.decode(json.getBytes(StandardCharsets.UTF_8)));
            return new ReceivedMessage(senderId, MessageCodec.encode(List.of(element.json())), List.of(element), null);
        } catch (InvalidRecordException e) {
            throw new IllegalStateException("an early verdict that ingest stored cannot be decoded", e);
        }
    }

    /**
     * Stores early verdicts. The caller must hold the locks of their tasks.
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
