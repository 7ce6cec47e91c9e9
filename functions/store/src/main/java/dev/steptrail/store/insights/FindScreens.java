package dev.steptrail.store.insights;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What did the agent see before each of these steps? */
public final class FindScreens {
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

    private static final int DIGITS = 16;

    private FindScreens() {}

    /**
     * A picture by its perceptual hash.
     *
     * @param hash the perceptual hash of the picture; null where it has none of 64 bits
     */
    public record Screen(@Nullable Long hash, long bytes) {}

    /** By the numbers of those steps that have such a picture. */
    public static Map<Integer, Screen> in(Connection connection, UUID taskId, int first, int last) throws SQLException {
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

    /** As the shipper writes it: 16 hex digits in lower case. Another writer may mean anything by it. */
    static @Nullable Long hash(@Nullable String hex) {
        if (hex == null || hex.length() != DIGITS) {
            return null;
        }
        long hash = 0;
        for (int i = 0; i < DIGITS; i++) {
            int digit = "0123456789abcdef".indexOf(hex.charAt(i));
            if (digit < 0) {
                return null;
            }
            hash = (hash << 4) + digit;
        }
        return hash;
    }
}
