package dev.steptrail.bench.database;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.api.ApiHandler;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * An API request that is passed to the handler as an API Gateway event.
 *
 * @param isOwner true if the task's owner reads (audited once per minute); false if a different admin reads in each
 *     call (every read is audited)
 */
record ApiCall(String routeKey, Map<String, String> path, Map<String, String> query, boolean isOwner) {
    private static final AtomicInteger ADMINS = new AtomicInteger();
    private static final JsonMapper JSON = new JsonMapper();

    /** Invokes the handler and returns the response as JSON. */
    byte[] invoke(ApiHandler handler) throws IOException {
        Map<String, String> claims = isOwner
                ? Map.of("sub", Postgres.OWNER)
                : Map.of("sub", "reader-" + ADMINS.incrementAndGet(), "cognito:groups", "steptrail-admin");
        APIGatewayV2HTTPEvent event = APIGatewayV2HTTPEvent.builder()
                .withRouteKey(routeKey)
                .withPathParameters(path)
                .withQueryStringParameters(query)
                .withRawQueryString(query.entrySet().stream()
                        .map(parameter -> parameter.getKey() + "="
                                + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&")))
                .withRequestContext(RequestContext.builder()
                        .withAuthorizer(RequestContext.Authorizer.builder()
                                .withJwt(RequestContext.Authorizer.JWT
                                        .builder()
                                        .withClaims(claims)
                                        .build())
                                .build())
                        .build())
                .build();
        APIGatewayV2HTTPResponse response = handler.handleRequest(event, Invocation.context());
        if (response.getStatusCode() != 200) {
            throw new IllegalStateException(routeKey + " returned " + response.getBody());
        }
        return JSON.writeValueAsBytes(response);
    }
}
