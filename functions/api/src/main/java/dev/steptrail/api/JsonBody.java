package dev.steptrail.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.Map;

/** The body of a request that is one JSON object, each field at most once, and none that is not known. */
final class JsonBody {
    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Takes a value, at whose first token the parser stands. What it leaves of it is skipped. */
    interface Field {
        void read(JsonParser json) throws IOException;
    }

    private JsonBody() {}

    /**
     * Reads it.
     *
     * @param fields by name
     * @throws Problem naming what is wrong with it
     */
    static void read(byte[] body, Map<String, Field> fields) {
        try (JsonParser json = STRICT.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw Problem.badRequest("The body: must be a JSON object.");
            }
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                Field field = fields.get(name);
                if (field == null) {
                    throw Problem.badRequest(
                            "The body: has a field other than " + String.join(", ", fields.keySet()) + ".");
                }
                json.nextToken();
                field.read(json);
                json.skipChildren();
            }
            if (json.nextToken() != null) {
                throw Problem.badRequest("The body: must be one JSON object, but more follows it.");
            }
        } catch (IOException e) { // bytes that are no text are told so by more than one kind
            throw Problem.badRequest("The body: is not JSON, or has a field twice.");
        }
    }

    /** A value that is a string; empty if it is none. */
    static String string(JsonParser json) throws IOException {
        return json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : "";
    }

    /** @throws Problem if the value is neither true nor false */
    static boolean flag(String name, JsonParser json) {
        if (json.currentToken() != JsonToken.VALUE_TRUE && json.currentToken() != JsonToken.VALUE_FALSE) {
            throw Problem.badRequest(name + ": must be true or false.");
        }
        return json.currentToken() == JsonToken.VALUE_TRUE;
    }
}
