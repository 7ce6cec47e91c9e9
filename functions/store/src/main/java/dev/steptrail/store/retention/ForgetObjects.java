package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import java.sql.PreparedStatement;
import java.util.Collection;

/** Notes that objects are gone from the bucket: nobody need delete them any more. */
public final class ForgetObjects {
    private static final String SQL = """
            DELETE FROM objects_to_delete
             WHERE key = ANY (?)
            """;

    private final Database database;

    public ForgetObjects(Database database) {
        this.database = database;
    }

    /** Notes it of these. */
    public void all(Collection<FindObjectsToDelete.Due> gone) {
        Object[] keys = gone.stream().map(FindObjectsToDelete.Due::key).toArray();
        database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setArray(1, connection.createArrayOf("text", keys));
                return statement.executeUpdate();
            }
        });
    }
}
