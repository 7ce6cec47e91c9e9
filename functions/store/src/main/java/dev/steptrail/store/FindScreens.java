package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What did the agent see before each of these steps? */
final class FindScreens {
    private static final String SQL = """
            SELECT DISTINCT ON (step_number)
                   step_number,
                   perceptual_hash,
                   file_size
              FROM step_screenshots
             WHERE task_id = ?
               AND step_number BETWEEN ? AND ?
               AND role = 'before'
             ORDER BY step_number, ordinal
            """;

    /** As the shipper writes it; another writer may mean anything by it. */
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{16}");

    private FindScreens() {}

    /** @param hash the perceptual hash of the picture; null where it has none of 64 bits */
    record Screen(@Nullable Long hash, long bytes) {}

    /** By the numbers of those steps that have such a picture. */
    static Map<Integer, Screen> in(Connection connection, UUID taskId, int first, int last) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setObject(1, taskId);
            statement.setInt(2, first);
            statement.setInt(3, last);
            Map<Integer, Screen> screens = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    screens.put(
                            rows.getInt("step_number"),
                            new Screen(hash(rows.getString("perceptual_hash")), rows.getLong("file_size")));
                }
            }
            return screens;
        }
    }

    private static @Nullable Long hash(@Nullable String hex) {
        return hex != null && HASH.matcher(hex).matches() ? Long.parseUnsignedLong(hex, 16) : null;
    }
}
