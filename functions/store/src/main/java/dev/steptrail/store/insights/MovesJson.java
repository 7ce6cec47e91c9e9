package dev.steptrail.store.insights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.steptrail.insights.Move;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Moves as a digest keeps them: {@code [[step_number, name, target, duration_ms], …]}. */
public final class MovesJson {
    private static final JsonFactory JSON = new JsonFactory();

    private MovesJson() {}

    static String of(List<Move> moves) {
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

    /** Names that are the same are one string: a text has a hundred thousand moves, of a dozen names. */
    public static List<Move> read(String text) {
        List<Move> moves = new ArrayList<>();
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.START_ARRAY) {
                int number = json.nextIntValue(0);
                String name = json.nextTextValue().intern();
                String target = json.nextTextValue();
                Long duration = json.nextToken() == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : null;
                moves.add(new Move(number, name, target, duration));
                if (duration != null) {
                    json.nextToken();
                }
            }
            return moves;
        } catch (IOException e) {
            throw new UncheckedIOException("a digest holds moves", e);
        }
    }
}
