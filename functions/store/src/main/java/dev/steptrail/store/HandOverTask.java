package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Gives a task whose task_started was late to the owner that it names. */
final class HandOverTask {
    private static final String SQL = """
            UPDATE tasks
               SET owner = ?
             WHERE task_id = ?
               AND owner = ?
               AND NOT announced
            """;

    private HandOverTask() {}

    static void in(Connection connection, BatchPlan.HandOver handOver) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, handOver.to());
            statement.setObject(2, handOver.taskId());
            statement.setString(3, handOver.from());
            statement.executeUpdate();
        }
    }
}
