package dev.steptrail.store.admin;

import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.RejectedColumns;
import dev.steptrail.store.model.RejectedMessage;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Optional;

/** What is this rejected message, whole? */
public final class FindRejected {
    private static final String SQL = """
            SELECT %s,
                   body,
                   content_encoding,
                   encode(fingerprint, 'hex') AS fingerprint
              FROM rejected_messages
             WHERE id = ?
            """.formatted(RejectedColumns.ENTRY);

    private final Database database;

    public FindRejected(Database database) {
        this.database = database;
    }

    /** The message; empty if there is none of this id, or none any more. */
    public Optional<RejectedMessage> byId(long id) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setLong(1, id);
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next()
                            ? Optional.of(new RejectedMessage(
                                    RejectedColumns.entry(rows),
                                    new MessageBody(rows.getString("body"), rows.getString("content_encoding")),
                                    rows.getString("fingerprint")))
                            : Optional.empty();
                }
            }
        });
    }
}
