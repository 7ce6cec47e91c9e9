package dev.steptrail.bench.reads;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.api.ApiHandler;
import dev.steptrail.bench.database.Invocation;
import dev.steptrail.bench.database.Postgres;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A request in the form in which API Gateway passes it to the handler.
 *
 * @param isOwner whether the owner reads, which is audited once a minute, or each time another admin, each of whose reads is
 */
record Call(String routeKey, Map<String, String> path, Map<String, String> query, boolean isOwner) {
    private static final AtomicInteger READERS = new AtomicInteger();
    private static final JsonMapper JSON = new JsonMapper();
    private static final String OK = "{\"statusCode\":200,";

    /** Returns the handler's response: API Gateway's JSON, with the body as a string. */
    byte[] answer(ApiHandler handler) throws IOException {
        Map<String, String> claims = isOwner
                ? Map.of("sub", Postgres.OWNER)
                : Map.of("sub", "reader-" + READERS.incrementAndGet(), "cognito:groups", "steptrail-admin");
        Map<String, ?> event = Map.of(
                "routeKey", routeKey,
                "pathParameters", path,
                "queryStringParameters", query,
                "requestContext", Map.of("authorizer", Map.of("jwt", Map.of("claims", claims))));
        ByteArrayOutputStream response = new ByteArrayOutputStream(64 * 1024);
        handler.handleRequest(new ByteArrayInputStream(JSON.writeValueAsBytes(event)), response, Invocation.context());
        byte[] json = response.toByteArray();
        if (!new String(json, 0, OK.length(), StandardCharsets.UTF_8).equals(OK)) {
            throw new IllegalStateException(routeKey + " returned " + new String(json, StandardCharsets.UTF_8));
        }
        return json;
    }
}
