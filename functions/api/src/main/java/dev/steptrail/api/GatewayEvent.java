package dev.steptrail.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.steptrail.stepformat.ForeignJson;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What API Gateway tells of a request, as far as anybody here asks (<a
 * href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">payload format
 * 2.0</a>). What is empty it leaves out.
 *
 * @param routeKey such as {@code GET /api/tasks/{task_id}}
 * @param rawQueryString as it was sent
 * @param variables of the path, decoded
 * @param query its parameters, decoded; values of one that comes twice are joined by commas
 * @param headers by their names in lower case
 * @param body in base64 if {@code isBase64Encoded}
 * @param claims of the token that the authorizer has verified
 */
record GatewayEvent(
        String routeKey,
        String rawQueryString,
        Map<String, String> variables,
        Map<String, String> query,
        Map<String, String> headers,
        String body,
        boolean isBase64Encoded,
        Map<String, String> claims) {
    private static final JsonFactory JSON = ForeignJson.factory().build();

    /** @throws IOException if it is no JSON object */
    static GatewayEvent read(InputStream event) throws IOException {
        try (JsonParser json = JSON.createParser(event)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("the event is no JSON object");
            }
            return new Reading(json).event();
        }
    }

    /** A variable of the path, decoded; empty if there is none. */
    String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    /** @param name in lower case */
    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    /** Takes from the event what has a place above, and passes over the rest. */
    private static final class Reading {
        private static final List<String> CLAIMS = List.of("authorizer", "jwt", "claims");

        private final JsonParser json;
        private final Map<String, String> texts = new HashMap<>();
        private final Map<String, Map<String, String>> maps = new HashMap<>();

        Reading(JsonParser json) {
            this.json = json;
        }

        GatewayEvent event() throws IOException {
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                switch (name) {
                    case "routeKey", "rawQueryString", "body", "isBase64Encoded" -> readText(name, texts);
                    case "pathParameters", "queryStringParameters", "headers" -> maps.put(name, textsAt(List.of()));
                    case "requestContext" -> maps.put(name, textsAt(CLAIMS));
                    default -> json.skipChildren();
                }
            }
            return new GatewayEvent(
                    texts.getOrDefault("routeKey", ""),
                    texts.getOrDefault("rawQueryString", ""),
                    maps.getOrDefault("pathParameters", Map.of()),
                    maps.getOrDefault("queryStringParameters", Map.of()),
                    maps.getOrDefault("headers", Map.of()),
                    texts.getOrDefault("body", ""),
                    "true".equals(texts.get("isBase64Encoded")),
                    maps.getOrDefault("requestContext", Map.of()));
        }

        /** The texts of the object that is so deep within this one; none where there is no such object. */
        private Map<String, String> textsAt(List<String> path) throws IOException {
            Map<String, String> found = new HashMap<>();
            if (json.currentToken() == JsonToken.START_OBJECT) {
                for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                    json.nextToken();
                    if (path.isEmpty()) {
                        readText(name, found);
                    } else if (name.equals(path.get(0))) {
                        found = textsAt(path.subList(1, path.size()));
                    } else {
                        json.skipChildren();
                    }
                }
            }
            json.skipChildren();
            return found;
        }

        private void readText(String name, Map<String, String> into) throws IOException {
            JsonToken value = json.currentToken();
            if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                into.put(name, json.getText());
            }
            json.skipChildren();
        }
    }
}
