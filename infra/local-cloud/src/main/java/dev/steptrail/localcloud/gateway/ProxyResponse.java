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
 * What a caller gets.
 *
 * @param headers in order, a name possibly more than once
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ProxyResponse(int status, List<Map.Entry<String, String>> headers, byte[] body) {
    private static final JsonMapper JSON = new JsonMapper();

    /** The gateway's own word, such as {@code {"message":"Not Found"}}. */
    static ProxyResponse message(int status, String message) {
        return json(status, JSON.createObjectNode().put("message", message).toString());
    }

    static ProxyResponse json(int status, String json) {
        return new ProxyResponse(
                status, List.of(Map.entry("content-type", "application/json")), json.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads a function's answer: an object with {@code statusCode}, or anything else, which becomes the body of a 200.
     *
     * @throws IOException when it is no JSON, or no response can be made of it
     */
    static ProxyResponse of(byte[] answer) throws IOException {
        JsonNode tree = JSON.readTree(answer);
        if (!tree.has("statusCode")) {
            return json(200, tree.isTextual() ? tree.textValue() : tree.toString());
        }
        int status = tree.get("statusCode").asInt();
        if (status < 100 || status > 599) {
            throw new IOException("the answer's statusCode is " + tree.get("statusCode"));
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        tree.path("headers")
                .properties()
                .forEach(header -> headers.add(Map.entry(
                        header.getKey().toLowerCase(Locale.ROOT),
                        header.getValue().asText())));
        if (headers.stream().noneMatch(header -> header.getKey().equals("content-type"))) {
            headers.add(Map.entry("content-type", "text/plain;charset=UTF-8"));
        }
        tree.path("cookies").forEach(cookie -> headers.add(Map.entry("set-cookie", cookie.asText())));
        return new ProxyResponse(status, headers, body(tree));
    }

    private static byte[] body(JsonNode tree) throws IOException {
        String text = tree.path("body").asText("");
        if (!tree.path("isBase64Encoded").asBoolean()) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IOException("the answer's body is not base64", e);
        }
    }
}
