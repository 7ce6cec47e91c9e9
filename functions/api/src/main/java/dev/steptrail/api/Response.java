package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.steptrail.api.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** The response to a request. */
@SuppressWarnings("ArrayRecordComponent") // responses are not compared
record Response(int status, Map<String, String> headers, byte[] body) {
    /** Of JSON that caches must not store. */
    private static final Map<String, String> NO_STORE_JSON =
            Map.of("content-type", "application/json", "cache-control", "no-store");

    Response(int status, Map<String, String> headers, String text) {
        this(status, headers, text.getBytes(StandardCharsets.UTF_8));
    }

    static Response json(Object body) {
        return json(Json.bytes(body));
    }

    /** @param body JSON in UTF-8 */
    static Response json(byte[] body) {
        return new Response(200, Map.of("content-type", "application/json"), body);
    }

    /** Returns a response that caches must not store, for example because it contains presigned URLs. */
    static Response noStoreJson(Object body) {
        return noStoreJson(Json.bytes(body));
    }

    static Response noStoreJson(byte[] body) {
        return new Response(200, NO_STORE_JSON, body);
    }

    /**
     * Converts the response for API Gateway (<a
     * href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">payload
     * format 2.0</a>). The body is in base64, so that its length does not depend on JSON escapes.
     */
    APIGatewayV2HTTPResponse toGateway() {
        return APIGatewayV2HTTPResponse.builder()
                .withStatusCode(status)
                .withHeaders(headers)
                .withIsBase64Encoded(true)
                .withBody(Base64.getEncoder().encodeToString(body))
                .build();
    }

    /** Returns 201 with the created resource. Caches must not store it, because it may contain a secret. */
    static Response created(Object body) {
        return new Response(201, NO_STORE_JSON, Json.bytes(body));
    }

    /**
     * Returns 202 with the state of work that was started. The client polls after a second, which is longer than most
     * work takes. Steptrail's clients back off between polls.
     */
    static Response accepted(Map<String, String> headers, Object body) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(NO_STORE_JSON);
        all.put("retry-after", "1");
        return new Response(202, all, Json.bytes(body));
    }

    /** Returns a response that browsers save as a file. */
    static Response file(String type, String name, String body) {
        return new Response(
                200,
                Map.of("content-type", type, "content-disposition", "attachment; filename=\"" + name + "\""),
                body);
    }

    /** Returns 204. */
    static Response noContent() {
        return new Response(204, Map.of("cache-control", "no-store"), "");
    }

    static Response redirect(String location) {
        return new Response(302, Map.of("location", location, "cache-control", "no-store"), "");
    }
}
