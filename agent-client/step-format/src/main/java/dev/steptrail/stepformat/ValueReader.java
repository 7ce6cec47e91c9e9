package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON value into the types that {@link JsonValues} describes, and {@link TextSanitizer sanitizes} its text.
 * If a field occurs twice, the last value wins.
 */
final class ValueReader {
    /** The maximum nesting depth of objects and arrays, including the outermost. */
    static final int MAX_DEPTH = 200;

    /** How many characters longer a record may become because numbers such as 1e399 are in decimal notation. */
    private static final int MAX_ADDED_DIGITS = 256 * 1024;

    private static final double DIGITS_PER_BIT = Math.log10(2);

    private final JsonParser json;
    private final TextSanitizer sanitizer;
    private int addedDigits;
    private @Nullable String problem;

    ValueReader(JsonParser json, TextSanitizer sanitizer) {
        this.json = json;
        this.sanitizer = sanitizer;
    }

    /** Reads the value at the parser's current token. Afterwards the parser is at the value's last token. */
    @Nullable
    Object read() throws IOException {
        return readValue(1);
    }

    /** Returns why the value, although valid JSON, must be rejected; null if it is valid. */
    @Nullable
    String problem() {
        return problem;
    }

    private @Nullable Object readValue(int depth) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT, START_ARRAY -> readNested(depth);
            case VALUE_STRING -> sanitizer.sanitize(json.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> readNumber();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private @Nullable Object readNested(int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            problem = "must not nest objects and arrays more than " + MAX_DEPTH + " levels deep";
            json.skipChildren();
            return null;
        }
        return json.currentToken() == JsonToken.START_OBJECT ? readObject(depth) : readArray(depth);
    }

    private JsonObject readObject(int depth) throws IOException {
        JsonObject.Builder fields = new JsonObject.Builder();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            if (name.length() > JsonValues.MAX_NAME_LENGTH) {
                problem = "must not have a field name of more than " + JsonValues.MAX_NAME_LENGTH + " characters";
            }
            fields.put(sanitizer.sanitize(name), readValue(depth + 1));
        }
        return fields.build();
    }

    private List<@Nullable Object> readArray(int depth) throws IOException {
        List<@Nullable Object> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            elements.add(readValue(depth + 1));
        }
        return JsonValues.unmodifiableList(elements.toArray());
    }

    /** Reads a number. For speed, short whole numbers, which are the most frequent, are read without a string. */
    private Object readNumber() throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT && json.getTextLength() <= JsonValues.MAX_LONG_DIGITS) {
            return JsonValues.toInteger(json.getLongValue());
        }
        Object number = JsonValues.parseNumber(json.getText());
        if (number instanceof BigInteger integer) {
            addedDigits += Math.max(0, (int) (integer.bitLength() * DIGITS_PER_BIT) - json.getTextLength());
            if (addedDigits > MAX_ADDED_DIGITS) {
                problem = "must not have numbers that together are " + MAX_ADDED_DIGITS
                        + " digits longer in decimal notation";
            }
        } else if (number instanceof String) { // too many digits, such as 1e999999999, a gigabyte in decimal notation
            problem = "must not have a number of more than " + JsonValues.MAX_DIGITS + " digits in decimal notation";
        }
        return number;
    }
}
