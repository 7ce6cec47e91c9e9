package dev.steptrail.store.query;

import dev.steptrail.store.model.TaskSummary.LostScreenshot;
import dev.steptrail.store.model.TaskSummary.LostScreenshots;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Which pictures were lost, by what the steps of this task say? */
final class FindLostScreenshots {
    /**
     * The format does not say what stands in the field, so it may be anything; what is no array tells of no picture. One
     * object may tell of several, by its count.
     */
    private static final String SQL = """
            SELECT step_number,
                   left(lost.value ->> 'role', 20)    AS role,
                   left(lost.value ->> 'reason', 200) AS reason,
                   told.count,
                   sum(told.count) OVER ()            AS total
              FROM task_steps
             CROSS JOIN LATERAL json_array_elements(CASE json_typeof(step_data -> 'lost_screenshots')
                                                         WHEN 'array' THEN step_data -> 'lost_screenshots'
                                                    END)
                   WITH ORDINALITY AS lost (value, place)
             CROSS JOIN LATERAL (SELECT CASE WHEN lost.value ->> 'count' ~ '^[0-9]{1,9}$'
                                             THEN (lost.value ->> 'count')::bigint
                                             ELSE 1
                                        END AS count) AS told
             WHERE task_id = ?
               AND lost_screenshots
             ORDER BY step_number, place
             LIMIT 1000
            """;

    private FindLostScreenshots() {}

    static LostScreenshots in(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setObject(1, taskId);
            long total = 0;
            List<LostScreenshot> listed = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    total = rows.getLong("total");
                    listed.add(new LostScreenshot(
                            rows.getInt("step_number"),
                            rows.getString("role"),
                            rows.getString("reason"),
                            rows.getLong("count")));
                }
            }
            return new LostScreenshots(total, listed);
        }
    }
}
