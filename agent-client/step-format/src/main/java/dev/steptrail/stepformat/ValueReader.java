package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON value into the form of {@link JsonValues}, with its text made {@link StorableText storable}. Of a field
 * that comes twice the last counts.
 */
final class ValueReader {
    /** Objects and arrays inside each other, the outermost counted. */
    static final int MAX_DEPTH = 200;

    private final JsonParser json;
    private long replaced;
    private @Nullable String problem;

    ValueReader(JsonParser json) {
        this.json = json;
    }

    /** The value that begins at the parser's current token, which is at its end afterwards, whatever the value is. */
    @Nullable
    Object read() throws IOException {
        return value(1);
    }

    /** How many characters of what was read could not be stored and were replaced. */
    long replaced() {
        return replaced;
    }

    /** Why what was read must be refused, though it is JSON; null where it need not be. */
    @Nullable
    String problem() {
        return problem;
    }

    private @Nullable Object value(int depth) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT, START_ARRAY -> nested(depth);
            case VALUE_STRING -> text(json.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(json.getText());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private @Nullable Object nested(int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            problem = "must nest at most " + MAX_DEPTH + " objects and arrays";
            json.skipChildren();
            return null;
        }
        return json.currentToken() == JsonToken.START_OBJECT ? object(depth) : array(depth);
    }

    private JsonObject object(int depth) throws IOException {
        JsonObject.Builder fields = new JsonObject.Builder();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            fields.put(text(name), value(depth + 1));
        }
        return fields.build();
    }

    private List<@Nullable Object> array(int depth) throws IOException {
        List<@Nullable Object> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(depth + 1));
        }
        return JsonValues.unmodifiable(elements.toArray());
    }

    /** 1e999999999 is a short text, but takes a gigabyte to write out. */
    private Object number(String text) {
        Object number = JsonValues.number(text);
        if (number instanceof String) {
            problem = "must have no number of more than " + JsonValues.MAX_DIGITS + " digits, written out";
        }
        return number;
    }

    private String text(String text) {
        int bad = StorableText.countReplaced(text);
        replaced += bad;
        return bad == 0 ? text : StorableText.of(text);
    }
}
