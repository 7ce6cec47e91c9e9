package dev.steptrail.localcloud.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
 * @param headers in order; a name may occur more than once
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ProxyResponse(int status, List<Map.Entry<String, String>> headers, byte[] body) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map.Entry<String, String> JSON_TYPE = Map.entry("content-type", "application/json");

    /** Returns a response of the gateway itself, such as {@code {"message":"Not Found"}}. */
    static ProxyResponse message(int status, String message) {
        String json = JSON.createObjectNode().put("message", message).toString();
        return new ProxyResponse(
                status,
                status == 401 ? List.of(JSON_TYPE, Map.entry("www-authenticate", "Bearer")) : List.of(JSON_TYPE),
                json.getBytes(StandardCharsets.UTF_8));
    }

    static ProxyResponse json(int status, String json) {
        return new ProxyResponse(status, List.of(JSON_TYPE), json.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Parses a function's response. JSON without {@code statusCode} becomes the body of a response with status 200.
     *
     * @throws IOException if it is not JSON or not a valid response
     */
    static ProxyResponse parse(byte[] response) throws IOException {
        JsonNode tree = JSON.readTree(response);
        if (!tree.has("statusCode")) {
            return json(200, tree.isTextual() ? tree.textValue() : tree.toString());
        }
        return new ProxyResponse(status(tree), headers(tree), body(tree));
    }

    private static int status(JsonNode response) throws IOException {
        int status = response.get("statusCode").asInt();
        if (status < 100 || status > 599) {
            throw new IOException("the response's statusCode is " + response.get("statusCode"));
        }
        return status;
    }

    private static List<Map.Entry<String, String>> headers(JsonNode response) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        response.path("headers")
                .properties()
                .forEach(header -> headers.add(Map.entry(
                        header.getKey().toLowerCase(Locale.ROOT),
                        header.getValue().asText())));
        if (headers.stream().noneMatch(header -> header.getKey().equals("content-type"))) {
            headers.add(Map.entry("content-type", "text/plain;charset=UTF-8"));
        }
        response.path("cookies").forEach(cookie -> headers.add(Map.entry("set-cookie", cookie.asText())));
        return headers;
    }

    private static byte[] body(JsonNode response) throws IOException {
        String body = response.path("body").asText(""); // numbers and booleans are converted to text
        if (!response.path("isBase64Encoded").asBoolean()) {
            return body.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new IOException("the response's body is not valid base64", e);
        }
    }
}
