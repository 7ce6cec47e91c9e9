package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Under which keys lie the screenshots and thumbnails of this task, by its rows? */
public final class FindScreenshotKeys {
    private static final String SQL = """
            SELECT step_number,
                   key
              FROM step_screenshots
             CROSS JOIN LATERAL (VALUES (screenshot_path), (thumbnail_path)) AS named (key)
             WHERE task_id = ?
               AND key IS NOT NULL
             ORDER BY step_number
            """;

    private final Database database;

    public FindScreenshotKeys(Database database) {
        this.database = database;
    }

    /** A step, and an object that it names. */
    public record ScreenshotKey(int stepNumber, String key) {
        /** The sender's folder of the task, in which it lies. */
        public String folder() {
            return key.substring(0, key.lastIndexOf('/') + 1);
        }
    }

    /** All of them, in the order of the steps. */
    public List<ScreenshotKey> of(UUID taskId) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setObject(1, taskId);
                List<ScreenshotKey> keys = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        keys.add(new ScreenshotKey(rows.getInt("step_number"), rows.getString("key")));
                    }
                }
                return keys;
            }
        });
    }
}
