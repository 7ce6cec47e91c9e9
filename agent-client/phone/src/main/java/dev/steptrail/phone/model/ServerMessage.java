package dev.steptrail.phone.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The error message in the response of a server. */
final class ServerMessage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_LENGTH = 300;

    private ServerMessage() {}

    /** Returns the message in the JSON of an error, or a response of another form as it is. */
    static String of(String response) {
        try {
            JsonNode json = JSON.readTree(response);
            if (json != null) {
                // OpenAI: {"error":{"message":…}}; Ollama: {"error":…}; older vLLM: {"message":…}; FastAPI:
                // {"detail":…}
                JsonNode error = json.path("error");
                for (JsonNode message :
                        new JsonNode[] {error.path("message"), error, json.path("message"), json.path("detail")}) {
                    if (message.isTextual()) {
                        return message.textValue();
                    }
                }
            }
        } catch (JsonProcessingException notJson) {
            // for example the HTML of a proxy
        }
        return response;
    }

    /** Returns the beginning of a text on one line, without control characters. */
    static String excerpt(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
    }
}
