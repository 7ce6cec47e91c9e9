package dev.steptrail.store.insights;

import dev.steptrail.insights.RunDigest.LastScreen;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What did the agent see last before it acted? */
final class FindLastScreen {
    private static final String SQL = """
            SELECT step_number,
                   perceptual_hash
              FROM step_screenshots
             WHERE task_id = ?
               AND role = 'before'
             ORDER BY step_number DESC, ordinal
             LIMIT 1
            """;

    private FindLastScreen() {}

    /** Null where there is no such picture, or it has no hash of 64 bits. */
    static @Nullable LastScreen in(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setObject(1, taskId);
            try (ResultSet row = statement.executeQuery()) {
                Long hash = row.next() ? FindScreens.hash(row.getString("perceptual_hash")) : null;
                return hash == null ? null : new LastScreen(row.getInt("step_number"), hash);
            }
        }
    }
}
