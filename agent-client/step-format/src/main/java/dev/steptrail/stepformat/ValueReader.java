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
    private final StorableText storable;
    private @Nullable String problem;

    /** @param storable makes the text of the value storable */
    ValueReader(JsonParser json, StorableText storable) {
        this.json = json;
        this.storable = storable;
    }

    /** The value that begins at the parser's current token, which is at its end afterwards, whatever the value is. */
    @Nullable
    Object read() throws IOException {
        return value(1);
    }

    /** Why what was read must be refused, though it is JSON; null where it need not be. */
    @Nullable
    String problem() {
        return problem;
    }

    private @Nullable Object value(int depth) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT, START_ARRAY -> nested(depth);
            case VALUE_STRING -> storable.of(json.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
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
            if (name.length() > JsonValues.MAX_NAME_LENGTH) {
                problem = "must have no field name of more than " + JsonValues.MAX_NAME_LENGTH + " characters";
            }
            fields.put(storable.of(name), value(depth + 1));
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

    /** Reads a number, which needs no text if it is whole and short, as most are. */
    private Object number() throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
                && json.getTextLength() <= JsonValues.MAX_DIGITS_OF_LONG) {
            return JsonValues.whole(json.getLongValue());
        }
        Object number = JsonValues.number(json.getText());
        if (number instanceof String) { // 1e999999999 is a short text, but takes a gigabyte to write out
            problem = "must have no number of more than " + JsonValues.MAX_DIGITS + " digits, written out";
        }
        return number;
    }
}
