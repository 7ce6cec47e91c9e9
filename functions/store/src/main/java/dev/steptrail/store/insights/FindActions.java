package dev.steptrail.store.insights;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** What exactly did these steps do, in so many characters each? */
public final class FindActions {
    private static final String SQL = """
            SELECT step_number,
                   left(step_data #>> '{action}', 300) AS action
              FROM task_steps
             WHERE task_id = ?
               AND step_number = ANY (?)
               AND action_hash IS NOT NULL
            """;

    private FindActions() {}

    /** By their numbers: the JSON of each action, cut. */
    public static Map<Integer, String> in(Connection connection, UUID taskId, Collection<Integer> steps)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setObject(1, taskId);
            statement.setArray(2, connection.createArrayOf("integer", steps.toArray()));
            Map<Integer, String> actions = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    actions.put(rows.getInt("step_number"), rows.getString("action"));
                }
            }
            return actions;
        }
    }
}
