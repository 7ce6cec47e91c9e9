package dev.steptrail.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.steptrail.stepformat.ForeignJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a request that is one JSON object, each field at most once, and none that is not known. */
final class JsonBody {
    private static final JsonFactory STRICT = ForeignJson.factory()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** What stands for a value that no field takes. */
    private static final Object OTHER = new Object();

    private final Map<String, Object> values = new HashMap<>();

    private JsonBody() {}

    /**
     * Reads it.
     *
     * @param names the fields that it may have
     * @throws Problem naming what is wrong with it
     */
    static JsonBody of(byte[] body, List<String> names) {
        try (JsonParser json = STRICT.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw Problem.badRequest("The body: must be a JSON object.");
            }
            JsonBody read = new JsonBody();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                if (!names.contains(name)) {
                    throw Problem.badRequest("The body: has a field other than " + String.join(", ", names) + ".");
                }
                json.nextToken();
                read.values.put(name, json.isExpectedStartArrayToken() ? array(json) : value(json));
            }
            if (json.nextToken() != null) {
                throw Problem.badRequest("The body: must be one JSON object, but more follows it.");
            }
            return read;
        } catch (IOException e) { // bytes that are no text are told so by more than one kind
            throw Problem.badRequest("The body: is not JSON, or has a field twice.");
        }
    }

    /** The same, of a body that may be left out, and then has no fields. */
    static JsonBody ofOptional(byte[] body, List<String> names) {
        return body.length == 0 ? new JsonBody() : of(body, names);
    }

    private static List<Object> array(JsonParser json) throws IOException {
        List<Object> values = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            values.add(value(json));
        }
        return values;
    }

    private static Object value(JsonParser json) throws IOException {
        Object value =
                switch (json.currentToken()) {
                    case VALUE_STRING -> json.getText();
                    case VALUE_TRUE -> true;
                    case VALUE_FALSE -> false;
                    default -> OTHER;
                };
        json.skipChildren();
        return value;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** A value that is a string; empty if it is none, or not there. */
    String string(String name) {
        return values.get(name) instanceof String text ? text : "";
    }

    /** A value that is an array; null if it is none, or not there. */
    @Nullable
    List<?> array(String name) {
        return values.get(name) instanceof List<?> array ? array : null;
    }

    /** @throws Problem if the value is neither true nor false, or not there */
    boolean flag(String name) {
        if (values.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw Problem.badRequest(name + ": must be true or false.");
    }
}
