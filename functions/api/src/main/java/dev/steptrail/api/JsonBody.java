package dev.steptrail.api;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.stepformat.UntrustedJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request body: one JSON object with known fields, each at most once. */
record JsonBody(JsonNode fields) {
    private static final JsonMapper STRICT = JsonMapper.builder(UntrustedJson.factoryBuilder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // prices are not rounded
            .build();

    /**
     * Parses a body.
     *
     * @param names the allowed fields
     * @throws Problem if the body is not a single JSON object, or has a duplicate or unknown field
     */
    static JsonBody parse(byte[] body, List<String> names) {
        JsonNode json;
        try {
            json = STRICT.readTree(body);
        } catch (MismatchedInputException e) {
            throw Problem.badRequest("The request body must be a single JSON object.");
        } catch (IOException e) { // for invalid UTF-8 Jackson throws other exceptions than for invalid JSON
            throw Problem.badRequest("The request body is not valid JSON or has a duplicate field.");
        }
        if (!json.isObject()) {
            throw Problem.badRequest("The request body must be a JSON object.");
        }
        for (Iterator<String> fields = json.fieldNames(); fields.hasNext(); ) {
            String name = fields.next();
            if (!names.contains(name)) {
                throw Problem.badRequest("The request body has an unknown field " + Problem.quote(name) + "; allowed: "
                        + String.join(", ", names) + ".");
            }
        }
        return new JsonBody(json);
    }

    /** Same as {@link #parse}, but an empty body is an object without fields. */
    static JsonBody parseOptional(byte[] body, List<String> names) {
        return body.length == 0 ? new JsonBody(STRICT.createObjectNode()) : parse(body, names);
    }

    boolean has(String name) {
        return fields.has(name);
    }

    /** Returns a string value; empty if the field is missing or is not a string. */
    String string(String name) {
        String text = fields.path(name).textValue();
        return text == null ? "" : text;
    }

    /** Returns an array of strings; null if the field is missing or is anything else. */
    @Nullable
    List<String> strings(String name) {
        List<String> strings = new ArrayList<>();
        for (JsonNode element : fields.path(name)) {
            if (!element.isTextual()) {
                return null;
            }
            strings.add(element.textValue());
        }
        return fields.path(name).isArray() ? strings : null;
    }

    /** @throws Problem if the field is missing or is not an object */
    JsonNode object(String name) {
        JsonNode value = fields.path(name);
        if (!value.isObject()) {
            throw Problem.invalidValue(name, "must be a JSON object", value);
        }
        return value;
    }

    /** @throws Problem if the field is missing or is not a boolean */
    boolean flag(String name) {
        JsonNode value = fields.path(name);
        if (!value.isBoolean()) {
            throw Problem.invalidValue(name, "must be true or false", value);
        }
        return value.booleanValue();
    }
}
