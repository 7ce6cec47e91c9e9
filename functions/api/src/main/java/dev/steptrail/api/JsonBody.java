package dev.steptrail.api;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.stepformat.ForeignJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a request that is one JSON object, each field at most once, and none that is not known. */
record JsonBody(JsonNode fields) {
    private static final JsonMapper STRICT = JsonMapper.builder(ForeignJson.factory()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads it.
     *
     * @param names the fields that it may have
     * @throws Problem naming what is wrong with it
     */
    static JsonBody of(byte[] body, List<String> names) {
        JsonNode read;
        try {
            read = STRICT.readTree(body);
        } catch (MismatchedInputException e) {
            throw Problem.badRequest("The body: must be one JSON object, but more follows it.");
        } catch (IOException e) { // more than one kind for bytes that are not text
            throw Problem.badRequest("The body: is not JSON, or has a field twice.");
        }
        if (!read.isObject()) {
            throw Problem.badRequest("The body: must be a JSON object.");
        }
        for (Iterator<String> found = read.fieldNames(); found.hasNext(); ) {
            if (!names.contains(found.next())) {
                throw Problem.badRequest("The body: has a field other than " + String.join(", ", names) + ".");
            }
        }
        return new JsonBody(read);
    }

    /** As {@link #of}; a body that is left out has no fields. */
    static JsonBody ofOptional(byte[] body, List<String> names) {
        return body.length == 0 ? new JsonBody(STRICT.createObjectNode()) : of(body, names);
    }

    boolean has(String name) {
        return fields.has(name);
    }

    /** A value that is a string; empty if it is none, or not there. */
    String string(String name) {
        String text = fields.path(name).textValue();
        return text == null ? "" : text;
    }

    /** A value that is an array of strings; null if it is none, or not there. */
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

    /** @throws Problem if the value is neither true nor false, or not there */
    boolean flag(String name) {
        JsonNode value = fields.path(name);
        if (!value.isBoolean()) {
            throw Problem.badRequest(name + ": must be true or false.");
        }
        return value.booleanValue();
    }
}
