package dev.steptrail.store.insights;

import dev.steptrail.insights.Move;
import dev.steptrail.store.model.StepOutcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** By which moves did this task go, and what went wrong last? */
public final class ReadMoves {
    static final int MOST = 300;

    /** Where an action goes: an app by its name, a place or a swipe by its coordinates, and what is neither as it stands there; of a wait, how long it is meant to be. */
    private static final String MOVES = """
            SELECT step_number,
                   action_name,
                   coalesce(left(step_data #>> '{action,app}', 60),
                            action_place,
                            left(coalesce(step_data #>> '{action,element}', step_data #>> '{action,start}',
                                          step_data #>> '{action,duration}'), 60),
                            '') AS target,
                   duration_ms
              FROM task_steps
             WHERE task_id = ?
               AND action_name IS NOT NULL
             ORDER BY step_number
             LIMIT ?
            """;

    private static final String LAST_ERROR = """
            SELECT left(%s, 1000) AS error
              FROM task_steps
             WHERE task_id = ?
               AND NOT %s
             ORDER BY step_number DESC
             LIMIT 1
            """.formatted(StepOutcome.ERROR, StepOutcome.WENT_WELL);

    private ReadMoves() {}

    /** @param moves the first {@value #MOST} */
    record Moves(List<Move> moves, @Nullable String lastError) {}

    static Moves in(Connection connection, UUID taskId) throws SQLException {
        return new Moves(moves(connection, taskId), lastError(connection, taskId));
    }

    /** The first {@value #MOST}. */
    public static List<Move> moves(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MOVES)) {
            statement.setObject(1, taskId);
            statement.setInt(2, MOST);
            List<Move> moves = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    moves.add(new Move(
                            rows.getInt("step_number"),
                            rows.getString("action_name"),
                            rows.getString("target"),
                            rows.getObject("duration_ms", Long.class)));
                }
            }
            return moves;
        }
    }

    private static @Nullable String lastError(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LAST_ERROR)) {
            statement.setObject(1, taskId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString("error") : null;
            }
        }
    }
}
