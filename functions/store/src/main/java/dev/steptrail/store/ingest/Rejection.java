package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.stepformat.Step;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row of rejected_messages.
 *
 * @param body a message that can be sent again unchanged; a single rejected record is stored as a separate message, so
 *     that readers do not see data of other owners
 */
record Rejection(
        String senderId,
        @Nullable String owner,
        @Nullable UUID taskId,
        @Nullable Integer stepNumber,
        RejectionCause cause,
        String reason,
        MessageBody body) {

    /** Sorted, so that two batches with the same rejections do not deadlock. */
    private static final String INSERT = """
            INSERT INTO rejected_messages
                   (sender_id, owner, task_id, step_number, reason, body, content_encoding, fingerprint)
            SELECT r.sender_id, r.owner, r.task_id, r.step_number, r.reason, r.body, r.content_encoding,
                   decode(r.fingerprint, 'hex')
              FROM unnest(?::text[], ?::text[], ?::uuid[], ?::integer[], ?::text[], ?::text[], ?::text[], ?::text[])
                   AS r (sender_id, owner, task_id, step_number, reason, body, content_encoding, fingerprint)
             ORDER BY r.fingerprint
            ON CONFLICT (fingerprint) DO NOTHING
            RETURNING encode(fingerprint, 'hex')
            """;

    static final String CONFLICT = "conflict: the task has a different step with this number";

    static final String ARCHIVED = "the task is archived; restore it, then retry";

    static Rejection forMessage(
            ReceivedMessage message,
            @Nullable String owner,
            @Nullable UUID taskId,
            RejectionCause cause,
            String reason) {
        return new Rejection(message.senderId(), owner, taskId, null, cause, reason, message.body());
    }

    static Rejection forInvalidRecord(String senderId, @Nullable String owner, MessageRecord.Invalid element) {
        return new Rejection(
                senderId, owner, element.taskId(), null, RejectionCause.INVALID, element.reason(), inMessage(element));
    }

    static Rejection forRecord(
            String senderId, @Nullable String owner, MessageRecord.Valid element, RejectionCause cause, String reason) {
        Integer stepNumber = element.record() instanceof Step step ? step.stepNumber() : null;
        return new Rejection(senderId, owner, element.record().taskId(), stepNumber, cause, reason, inMessage(element));
    }

    boolean isConflict() {
        return cause == RejectionCause.CONFLICT;
    }

    /** Returns a hash in hex that is equal if the same message is delivered again. */
    String fingerprint() {
        String parts = Stream.of(senderId, reason, body.text(), body.contentEncoding())
                .filter(Objects::nonNull)
                .map(part -> part + '\0')
                .collect(Collectors.joining());
        return Sha256.hex(parts.getBytes(StandardCharsets.UTF_8));
    }

    private static MessageBody inMessage(MessageRecord element) {
        return MessageCodec.encode(List.of(element.json()));
    }

    /** Inserts rejections and returns those that were not stored before. */
    static List<Rejection> insert(Session session, Collection<Rejection> rejections) throws SQLException {
        SortedMap<String, Rejection> byFingerprint = new TreeMap<>();
        rejections.forEach(rejection -> byFingerprint.put(rejection.fingerprint(), rejection));
        Collection<Rejection> rows = byFingerprint.values();
        return session.sql(
                        INSERT,
                        Sql.column("text", rows, rejection -> storable(rejection.senderId)),
                        Sql.column("text", rows, Rejection::owner),
                        Sql.column("uuid", rows, Rejection::taskId),
                        Sql.column("integer", rows, Rejection::stepNumber),
                        Sql.column("text", rows, Rejection::reason),
                        Sql.column("text", rows, rejection -> storable(rejection.body.text())),
                        Sql.column("text", rows, rejection -> storable(rejection.body.contentEncoding())),
                        Sql.column("text", rows, Rejection::fingerprint))
                .list(row -> Objects.requireNonNull(byFingerprint.get(row.getString(1))));
    }

    /** Replaces characters that Postgres cannot store: U+0000 and unpaired surrogates. */
    private static @Nullable String storable(@Nullable String text) {
        return text == null
                ? null
                : new String(text.replace('\0', '\uFFFD').getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
