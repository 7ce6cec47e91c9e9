package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Columns;
import dev.steptrail.store.model.ObjectToDelete;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;

/** Has objects deleted once the transaction is committed: they are gone within the hour or so. Known ones are left as they are. */
final class AddObjectsToDelete {
    private static final String SQL = """
            INSERT INTO objects_to_delete (key, is_prefix)
            SELECT DISTINCT o.key, o.is_prefix
              FROM unnest(?::text[], ?::boolean[]) AS o (key, is_prefix)
             ORDER BY o.key
            ON CONFLICT (key) DO NOTHING
            """;

    private AddObjectsToDelete() {}

    static void in(Connection connection, Collection<ObjectToDelete> objects) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            Columns<ObjectToDelete> columns = new Columns<>(statement, objects);
            columns.set("text", ObjectToDelete::key);
            columns.set("boolean", ObjectToDelete::isPrefix);
            statement.executeUpdate();
        }
    }
}
