package dev.steptrail.phone.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.stream.Stream;

/** The error message in the response of a server. */
final class ServerMessage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_LENGTH = 300;

    private ServerMessage() {}

    /** Returns the message in the JSON of an error, or a response of another form as it is. */
    static String of(String response) {
        JsonNode json = parse(response);
        // OpenAI: {"error":{"message":…}}; Ollama: {"error":…}; older vLLM: {"message":…}; FastAPI: {"detail":…}
        JsonNode error = json.path("error");
        return Stream.of(error.path("message"), error, json.path("message"), json.path("detail"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .findFirst()
                .orElse(response);
    }

    /** Parses a response; returns a missing node if it is not JSON, for example the HTML of a proxy. */
    static JsonNode parse(String response) {
        try {
            return JSON.readTree(response);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    /** Returns the beginning of a text on one line, without control characters. */
    static String excerpt(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
    }
}
