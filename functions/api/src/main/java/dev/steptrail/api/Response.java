package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.steptrail.api.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What goes back to the caller.
 *
 * @param content writes the body out, which may take a while; what it tells has all been read
 * @param isText whether that is UTF-8
 */
record Response(int status, Map<String, String> headers, Supplier<byte[]> content, boolean isText) {
    Response(int status, Map<String, String> headers, byte[] text) {
        this(status, headers, () -> text, true);
    }

    Response(int status, Map<String, String> headers, String text) {
        this(status, headers, text.getBytes(StandardCharsets.UTF_8));
    }

    static Response json(Object body) {
        return json(() -> Json.bytes(body));
    }

    static Response json(Supplier<byte[]> content) {
        return new Response(200, Map.of("content-type", "application/json"), content, true);
    }

    /** Of what nobody on the way may keep, such as URLs that open without a token. */
    static Response unstoredJson(Object body) {
        return unstoredJson(() -> Json.bytes(body));
    }

    static Response unstoredJson(Supplier<byte[]> content) {
        return new Response(
                200, Map.of("content-type", "application/json", "cache-control", "no-store"), content, true);
    }

    /** The same, its body written out. */
    Response written() {
        byte[] body = content.get();
        return new Response(status, headers, () -> body, isText);
    }

    byte[] body() {
        return content.get();
    }

    /**
     * Returns it in the form of API Gateway (<a
     * href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">payload format 2.0</a>),
     * in which the body is a string.
     */
    APIGatewayV2HTTPResponse toGateway() {
        byte[] body = body();
        return APIGatewayV2HTTPResponse.builder()
                .withStatusCode(status)
                .withHeaders(headers)
                .withIsBase64Encoded(!isText)
                .withBody(
                        isText
                                ? new String(body, StandardCharsets.UTF_8)
                                : Base64.getEncoder().encodeToString(body))
                .build();
    }

    /** Of what was made, and is told only now. */
    static Response created(Object body) {
        return new Response(
                201, Map.of("content-type", "application/json", "cache-control", "no-store"), Json.bytes(body));
    }

    /** What a browser stores as a file of this name. */
    static Response file(String type, String name, String body) {
        return new Response(
                200,
                Map.of("content-type", type, "content-disposition", "attachment; filename=\"" + name + "\""),
                body);
    }

    /** That it is done, and there is nothing to tell. */
    static Response nothing() {
        return new Response(204, Map.of("cache-control", "no-store"), "");
    }

    static Response redirect(String location) {
        return new Response(302, Map.of("location", location, "cache-control", "no-store"), "");
    }
}
