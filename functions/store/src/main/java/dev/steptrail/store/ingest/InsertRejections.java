package dev.steptrail.store.ingest;

import dev.steptrail.store.jdbc.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keeps what was rejected, once, and tells which of it is new. */
final class InsertRejections {
    /** In the order of fingerprints: two batches with the same rejections wait for each other, and do not deadlock. */
    private static final String SQL = """
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

    private InsertRejections() {}

    /** Those that were not there before. */
    static List<Rejection> in(Connection connection, Collection<Rejection> rejections) throws SQLException {
        SortedMap<String, Rejection> byFingerprint = new TreeMap<>();
        rejections.forEach(rejection -> byFingerprint.put(rejection.fingerprint(), rejection));
        Collection<Rejection> rows = byFingerprint.values();
        return Sql.of(
                        connection,
                        SQL,
                        Sql.column("text", rows, rejection -> storable(rejection.senderId())),
                        Sql.column("text", rows, Rejection::owner),
                        Sql.column("uuid", rows, Rejection::taskId),
                        Sql.column("integer", rows, Rejection::stepNumber),
                        Sql.column("text", rows, Rejection::reason),
                        Sql.column(
                                "text",
                                rows,
                                rejection -> storable(rejection.body().text())),
                        Sql.column(
                                "text",
                                rows,
                                rejection -> rejection.body().contentEncoding() == null
                                        ? null
                                        : storable(rejection.body().contentEncoding())),
                        Sql.column("text", rows, Rejection::fingerprint))
                .list(row -> Objects.requireNonNull(byFingerprint.get(row.getString(1))));
    }

    /** A queue promises text without U+0000 and half surrogate pairs; what broke that promise must not break this. */
    private static String storable(String text) {
        return new String(text.replace('\0', '\uFFFD').getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
