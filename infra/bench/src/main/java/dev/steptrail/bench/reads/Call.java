package dev.steptrail.bench.reads;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.steptrail.api.ApiHandler;
import dev.steptrail.bench.database.Invocation;
import dev.steptrail.bench.database.Postgres;
import java.util.Map;

/** A request of the owner's, as API Gateway hands it to the handler. */
record Call(String routeKey, Map<String, String> path, Map<String, String> query) {
    private static final Map<String, String> CLAIMS = Map.of("sub", Postgres.OWNER);

    /** What the handler answers. */
    String answer(ApiHandler handler) {
        RequestContext.Authorizer authorizer = RequestContext.Authorizer.builder()
                .withJwt(RequestContext.Authorizer.JWT
                        .builder()
                        .withClaims(CLAIMS)
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
