package dev.steptrail.bench.reads;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.steptrail.api.ApiHandler;
import dev.steptrail.bench.database.Invocation;
import dev.steptrail.bench.database.Postgres;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A request, as API Gateway hands it to the handler.
 *
 * @param ofOwner whether the owner asks, whose read is written down once a minute; else each time another admin does, each of
 *     whose reads is
 */
record Call(String routeKey, Map<String, String> path, Map<String, String> query, boolean ofOwner) {
    private static final AtomicInteger READERS = new AtomicInteger();

    private Map<String, String> claims() {
        return ofOwner
                ? Map.of("sub", Postgres.OWNER)
                : Map.of("sub", "reader-" + READERS.incrementAndGet(), "cognito:groups", "steptrail-admin");
    }

    /** What the handler answers. */
    String answer(ApiHandler handler) {
        RequestContext.Authorizer authorizer = RequestContext.Authorizer.builder()
                .withJwt(RequestContext.Authorizer.JWT
                        .builder()
                        .withClaims(claims())
                        .build())
                .build();
        APIGatewayV2HTTPResponse response = handler.handleRequest(
                APIGatewayV2HTTPEvent.builder()
                        .withRouteKey(routeKey)
                        .withPathParameters(path)
                        .withQueryStringParameters(query)
                        .withRequestContext(RequestContext.builder()
                                .withAuthorizer(authorizer)
                                .build())
                        .build(),
                new Invocation());
        if (response.getStatusCode() != 200) {
            throw new IllegalStateException(routeKey + " was answered by " + response.getStatusCode());
        }
        return response.getBody();
    }
}
