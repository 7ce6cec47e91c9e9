package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What did a task show, step by step? */
public final class ListScreenshots {
    private static final String STEPS = """
            SELECT step_number
              FROM task_steps
             WHERE task_id = ?
               AND step_number > ?
             ORDER BY step_number
             LIMIT ?
            """;

    private final Database database;

    public ListScreenshots(Database database) {
        this.database = database;
    }

    /** The pictures of one step. */
    public record OfStep(int stepNumber, List<StoredScreenshot> screenshots) {}

    /**
     * The next {@code limit} steps with their pictures; a step without any is among them.
     *
     * @param after the number with which the page before ended, or null for the first page
     */
    public Page<OfStep> page(UUID taskId, @Nullable Integer after, int limit) {
        return database.readOnce(connection -> {
            List<Integer> numbers = numbers(connection, taskId, after == null ? 0 : after, limit + 1);
            boolean hasMore = numbers.size() > limit;
            List<Integer> shown = hasMore ? numbers.subList(0, limit) : numbers;
            if (shown.isEmpty()) {
                return new Page<>(List.of(), false);
            }
            FindScreenshots.OfSteps pictures = FindScreenshots.in(connection, taskId, shown);
            return new Page<>(
                    shown.stream()
                            .limit(pictures.complete())
                            .map(number -> new OfStep(number, pictures.of(number)))
                            .toList(),
                    hasMore || pictures.complete() < shown.size());
        });
    }

    private static List<Integer> numbers(Connection connection, UUID taskId, int after, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STEPS)) {
            statement.setObject(1, taskId);
            statement.setInt(2, after);
            statement.setInt(3, limit);
            List<Integer> numbers = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    numbers.add(rows.getInt("step_number"));
                }
            }
            return numbers;
        }
    }
}
