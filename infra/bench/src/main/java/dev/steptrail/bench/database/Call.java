package dev.steptrail.bench.database;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.api.ApiHandler;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A request in the form in which API Gateway passes it to the handler.
 *
 * @param isOwner whether the owner reads, audited once a minute, or each time a different admin, audited on every read
 */
record Call(String routeKey, Map<String, String> path, Map<String, String> query, boolean isOwner) {
    private static final AtomicInteger READERS = new AtomicInteger();
    private static final JsonMapper JSON = new JsonMapper();

    /** Returns the handler's response: API Gateway's JSON, with the body as a string. */
    byte[] answer(ApiHandler handler) throws IOException {
        Map<String, String> claims = isOwner
                ? Map.of("sub", Postgres.OWNER)
                : Map.of("sub", "reader-" + READERS.incrementAndGet(), "cognito:groups", "steptrail-admin");
        APIGatewayV2HTTPEvent event = APIGatewayV2HTTPEvent.builder()
                .withRouteKey(routeKey)
                .withPathParameters(path)
                .withQueryStringParameters(query)
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
