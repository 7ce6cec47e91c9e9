package dev.steptrail.store.ingest;

import dev.steptrail.store.jdbc.Columns;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            Columns<Rejection> columns = new Columns<>(statement, byFingerprint.values());
            columns.set("text", rejection -> storable(rejection.senderId()));
            columns.set("text", Rejection::owner);
            columns.set("uuid", Rejection::taskId);
            columns.set("integer", Rejection::stepNumber);
            columns.set("text", Rejection::reason);
            columns.set("text", rejection -> storable(rejection.body().text()));
            columns.set(
                    "text",
                    rejection -> rejection.body().contentEncoding() == null
                            ? null
                            : storable(rejection.body().contentEncoding()));
            columns.set("text", Rejection::fingerprint);
            List<Rejection> inserted = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    inserted.add(byFingerprint.get(rows.getString(1)));
                }
            }
            return inserted;
        }
    }

    /** A queue promises text without U+0000 and half surrogate pairs; what broke that promise must not break this. */
    private static String storable(String text) {
        return new String(text.replace('\0', '\uFFFD').getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
