package dev.steptrail.localcloud.gateway;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An HTTP response.
 *
 * @param headers in order, a name possibly more than once
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ProxyResponse(int status, List<Map.Entry<String, String>> headers, byte[] body) {
    private static final JsonMapper JSON = new JsonMapper();

    /** A response of the gateway itself, such as {@code {"message":"Not Found"}}. */
    static ProxyResponse message(int status, String message) {
        return json(status, JSON.createObjectNode().put("message", message).toString());
    }

    static ProxyResponse json(int status, String json) {
        return new ProxyResponse(
                status, List.of(Map.entry("content-type", "application/json")), json.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads a function's response: an object with {@code statusCode}; any other JSON becomes the body of a 200.
     *
     * @throws IOException if it is not JSON or not a valid response
     */
    static ProxyResponse of(byte[] answer) throws IOException {
        ObjectNode rest = JSON.createObjectNode();
        String body = "";
        try (JsonParser json = JSON.createParser(answer)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (json.nextToken() == JsonToken.VALUE_STRING && name.equals("body")) {
                    // A long body is faster to read from the parser than through a node.
                    body = new String(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
                } else {
                    rest.set(name, json.<JsonNode>readValueAsTree());
                }
            }
        }
        if (!rest.has("statusCode")) {
            JsonNode tree = JSON.readTree(answer);
            return json(200, tree.isTextual() ? tree.textValue() : tree.toString());
        }
        String text = rest.path("body").asText(body); // a body that is not a string counts as its text
        return new ProxyResponse(status(rest), headers(rest), bytes(text, rest));
    }

    private static int status(JsonNode answer) throws IOException {
        int status = answer.get("statusCode").asInt();
        if (status < 100 || status > 599) {
            throw new IOException("the answer's statusCode is " + answer.get("statusCode"));
        }
        return status;
    }

    private static List<Map.Entry<String, String>> headers(JsonNode answer) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        answer.path("headers")
                .properties()
                .forEach(header -> headers.add(Map.entry(
                        header.getKey().toLowerCase(Locale.ROOT),
                        header.getValue().asText())));
        if (headers.stream().noneMatch(header -> header.getKey().equals("content-type"))) {
            headers.add(Map.entry("content-type", "text/plain;charset=UTF-8"));
        }
        answer.path("cookies").forEach(cookie -> headers.add(Map.entry("set-cookie", cookie.asText())));
        return headers;
    }

    private static byte[] bytes(String body, JsonNode answer) throws IOException {
        if (!answer.path("isBase64Encoded").asBoolean()) {
            return body.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new IOException("the answer's body is not base64", e);
        }
    }
}
