package dev.steptrail.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;

/** Which objects are to go from the bucket? */
public final class FindObjectsToDelete {
    private static final String SQL = """
            SELECT key,
                   is_prefix
              FROM objects_to_delete
             ORDER BY key
             LIMIT ?
            """;

    private final Database database;

    public FindObjectsToDelete(Database database) {
        this.database = database;
    }

    /** Some of them; none, if there are none. */
    public List<ObjectToDelete> some(int most) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setInt(1, most);
                List<ObjectToDelete> objects = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        objects.add(new ObjectToDelete(rows.getString("key"), rows.getBoolean("is_prefix")));
                    }
                }
                return objects;
            }
        });
    }
}
