package dev.steptrail.store.insights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.steptrail.insights.Move;
import dev.steptrail.store.jdbc.Session;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
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

    private static final JsonFactory JSON = new JsonFactory();

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
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartArray();
            for (Move move : moves) {
                json.writeStartArray();
                json.writeNumber(move.stepNumber());
                json.writeString(move.name());
                json.writeString(move.target());
                if (move.durationMs() != null) {
                    json.writeNumber(move.durationMs());
                }
                json.writeEndArray();
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Parses {@link #toJson}. Interns names, because 100,000 moves may be in memory with only a dozen names. */
    public static List<Move> parse(String json) {
        List<Move> moves = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.START_ARRAY) {
                int number = parser.nextIntValue(0);
                String name = parser.nextTextValue().intern();
                String target = parser.nextTextValue();
                Long duration = parser.nextToken() == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : null;
                moves.add(new Move(number, name, target, duration));
                if (duration != null) {
                    parser.nextToken();
                }
            }
            return moves;
        } catch (IOException e) {
            throw new UncheckedIOException("task_digests.path contains invalid JSON", e);
        }
    }
}
