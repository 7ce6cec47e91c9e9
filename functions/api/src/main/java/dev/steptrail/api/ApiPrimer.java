package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.steptrail.aws.HandlerPrimer;
import dev.steptrail.store.query.PrimingTask;
import java.util.List;
import java.util.UUID;

/** Primes a handler before its snapshot is taken, with the requests that the viewer sends to open a task. */
final class ApiPrimer {
    private static final List<String> PATHS = List.of(
            "/api/tasks",
            "/api/tasks/{task_id}",
            "/api/tasks/{task_id}/steps",
            "/api/tasks/{task_id}/report",
            "/api/tasks/{task_id}/screenshots");

    private static final String EVENT = """
            {"version":"2.0","routeKey":"GET %1$s","rawPath":"%2$s","rawQueryString":"",
             "headers":{"accept":"*/*","authorization":"Bearer e30.e30.c2ln"},
             "requestContext":{"accountId":"123456789012","apiId":"priming",
              "authorizer":{"jwt":{"claims":{"sub":"%3$s"},"scopes":null}},
              "http":{"method":"GET","path":"%2$s","protocol":"HTTP/1.1","sourceIp":"192.0.2.1"},
              "requestId":"priming","routeKey":"GET %1$s","stage":"$default","timeEpoch":0},
             "pathParameters":{"task_id":"%4$s"},"isBase64Encoded":false}""";

    private ApiPrimer() {}

    /**
     * @param taskId a task of {@link PrimingTask#OWNER}
     * @param expectedStatus 200, or the status of requests that cannot use the database
     * @throws IllegalStateException if a response has another status
     */
    static void prime(ApiHandler handler, UUID taskId, int expectedStatus) {
        HandlerPrimer<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> primer =
                new HandlerPrimer<>(APIGatewayV2HTTPEvent.class, APIGatewayV2HTTPResponse.class, handler);
        for (String path : PATHS) {
            int status = primer.handle(EVENT.formatted(
                            path, path.replace("{task_id}", taskId.toString()), PrimingTask.OWNER, taskId))
                    .getStatusCode();
            if (status != expectedStatus) {
                throw new IllegalStateException("priming: GET " + path + " returned status " + status);
            }
        }
    }
}
