package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which objects are to go from the bucket? */
public final class FindObjectsToDelete {
    private static final String SQL = """
            SELECT key,
                   is_prefix,
                   added_at
              FROM objects_to_delete
             WHERE key > ?
             ORDER BY key
             LIMIT ?
            """;

    private final Database database;

    public FindObjectsToDelete(Database database) {
        this.database = database;
    }

    /**
     * One of them.
     *
     * @param isPrefix whether all objects are meant whose keys begin so
     * @param addedAt when it was last certain that nobody needs it
     */
    public record Due(String key, boolean isPrefix, Instant addedAt) {}

    /**
     * Some of them, in the order of their keys.
     *
     * @param after where the ones before ended; null to begin at the first
     */
    public List<Due> some(@Nullable String after, int most) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setString(1, after == null ? "" : after);
                statement.setInt(2, most);
                List<Due> objects = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        objects.add(new Due(
                                rows.getString("key"),
                                rows.getBoolean("is_prefix"),
                                rows.getObject("added_at", OffsetDateTime.class).toInstant()));
                    }
                }
                return objects;
            }
        });
    }
}
