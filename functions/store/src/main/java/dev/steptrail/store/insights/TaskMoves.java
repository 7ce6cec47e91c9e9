package dev.steptrail.store.insights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.insights.Move;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.model.JsonColumn;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Reads the moves of a task from its steps, and converts them to and from the JSON of a task digest. */
public final class TaskMoves {
    static final int MAX_MOVES = 300;

    /** The target of a move: the name of an app, coordinates or other text; for a wait, the requested duration. */
    private static final String MOVES = """
            SELECT step_number,
                   action_name,
                   coalesce(left(step_data #>> '{action,app}', 60),
                            action_place,
                            left(coalesce(step_data #>> '{action,element}', step_data #>> '{action,start}',
                                          step_data #>> '{action,duration}'), 60),
                            '') AS target,
                   duration_ms
              FROM (SELECT *
                      FROM task_steps
                     WHERE task_id = ?
                     ORDER BY step_number
                     LIMIT 10000) AS first_steps
             WHERE action_name IS NOT NULL
             ORDER BY step_number
             LIMIT ?
            """;

    private TaskMoves() {}

    /** Returns the first {@value #MAX_MOVES} moves of a task, among its first 10,000 steps. */
    public static List<Move> read(Session session, UUID taskId) throws SQLException {
        return session.sql(MOVES, taskId, MAX_MOVES)
                .list(row -> new Move(
                        row.getInt("step_number"),
                        row.getString("action_name"),
                        row.getString("target"),
                        row.getObject("duration_ms", Long.class)));
    }

    /** Returns the moves as {@code [[step_number, name, target, duration_ms], …]}. */
    static String toJson(List<Move> moves) {
        List<List<Object>> rows = new ArrayList<>();
        for (Move move : moves) {
            List<Object> row = new ArrayList<>(List.of(move.stepNumber(), move.name(), move.target()));
            if (move.durationMs() != null) {
                row.add(move.durationMs());
            }
            rows.add(row);
        }
        return JsonColumn.write(rows);
    }

    /** Parses {@link #toJson}. Interns names, because 100,000 moves may be in memory with only a dozen names. */
    public static List<Move> parse(String json) {
        List<Move> moves = new ArrayList<>();
        for (JsonNode row : JsonColumn.tree(json)) {
            moves.add(new Move(
                    row.path(0).intValue(),
                    row.path(1).textValue().intern(),
                    row.path(2).textValue(),
                    row.has(3) ? row.path(3).longValue() : null));
        }
        return moves;
    }
}
