package dev.steptrail.localcloud.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Returns the request that it received. The parameter {@code do} selects a failure. */
public final class EchoHandler implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
    private final Map<String, String> settings;

    public EchoHandler(Map<String, String> settings) {
        this.settings = settings;
    }

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        Map<String, String> query =
                event.getQueryStringParameters() == null ? Map.of() : event.getQueryStringParameters();
        switch (query.getOrDefault("do", "")) {
            case "throw" -> throw new IllegalArgumentException("asked to");
            case "sleep" -> sleep();
            case "large" -> {
                return answer("x".repeat(7 * 1024 * 1024));
            }
            default -> {}
        }
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("routeKey", event.getRouteKey());
        seen.put("rawPath", event.getRawPath());
        seen.put("rawQueryString", event.getRawQueryString());
        seen.put("query", query);
        seen.put("path", event.getPathParameters());
        seen.put("headers", event.getHeaders());
        seen.put("cookies", event.getCookies());
        seen.put("body", event.getBody());
        seen.put("isBase64Encoded", event.getIsBase64Encoded());
        seen.put("method", event.getRequestContext().getHttp().getMethod());
        var authorizer = event.getRequestContext().getAuthorizer();
        seen.put("claims", authorizer == null ? null : authorizer.getJwt().getClaims());
        seen.put("greeting", settings.get("GREETING"));
        seen.put("remaining", context.getRemainingTimeInMillis());
        try {
            return answer(new JsonMapper().writeValueAsString(seen));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static APIGatewayV2HTTPResponse answer(String body) {
        return APIGatewayV2HTTPResponse.builder()
                .withStatusCode(200)
                .withHeaders(Map.of("Content-Type", "application/json"))
                .withCookies(List.of("a=1", "b=2"))
                .withBody(body)
                .build();
    }

    private static void sleep() {
        try {
            Thread.sleep(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
