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
 * A request, as API Gateway hands it to the handler.
 *
 * @param ofOwner whether the owner asks, whose read is written down once a minute; else each time another admin does, each of
 *     whose reads is
 */
public record Call(String routeKey, Map<String, String> path, Map<String, String> query, boolean ofOwner) {
    private static final AtomicInteger READERS = new AtomicInteger();
    private static final JsonMapper JSON = new JsonMapper();
    private static final int USUAL_ANSWER_BYTES = 64 * 1024;
    private static final String DONE = "{\"statusCode\":200,";

    private Map<String, String> claims() {
        return ofOwner
                ? Map.of("sub", Postgres.OWNER)
                : Map.of("sub", "reader-" + READERS.incrementAndGet(), "cognito:groups", "steptrail-admin");
    }

    /** What the handler answers: API Gateway's JSON, whose body is a string. */
    public byte[] answer(ApiHandler handler) throws IOException {
        Map<String, ?> event = Map.of(
                "routeKey", routeKey,
                "pathParameters", path,
                "queryStringParameters", query,
                "requestContext", Map.of("authorizer", Map.of("jwt", Map.of("claims", claims()))));
        ByteArrayOutputStream answer = new ByteArrayOutputStream(USUAL_ANSWER_BYTES);
        handler.handleRequest(new ByteArrayInputStream(JSON.writeValueAsBytes(event)), answer, new Invocation());
        byte[] json = answer.toByteArray();
        if (!new String(json, 0, DONE.length(), StandardCharsets.UTF_8).equals(DONE)) {
            throw new IllegalStateException(routeKey + " was answered by " + new String(json, StandardCharsets.UTF_8));
        }
        return json;
    }

    /** The body of an answer. */
    static String body(byte[] answer) throws IOException {
        return JSON.readTree(answer).get("body").textValue();
    }
}
