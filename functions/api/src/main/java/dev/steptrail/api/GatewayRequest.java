package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.steptrail.stepformat.TaskId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an event of API Gateway that this function reads (<a
 * href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">payload format
 * 2.0</a>). What the event lacks is empty here.
 *
 * @param routeKey such as {@code GET /api/tasks/{task_id}}
 * @param rawQueryString as it was sent
 * @param variables of the path, decoded
 * @param query its parameters, decoded; values of one that comes twice are joined by commas
 * @param headers by their names in lower case
 * @param body in base64 if {@code isBase64Encoded}
 * @param claims of the token that the authorizer has verified
 */
record GatewayRequest(
        String routeKey,
        String rawQueryString,
        Map<String, String> variables,
        Map<String, String> query,
        Map<String, String> headers,
        String body,
        boolean isBase64Encoded,
        Map<String, String> claims) {
    static GatewayRequest of(APIGatewayV2HTTPEvent event) {
        return new GatewayRequest(
                Objects.requireNonNullElse(event.getRouteKey(), ""),
                Objects.requireNonNullElse(event.getRawQueryString(), ""),
                Objects.requireNonNullElse(event.getPathParameters(), Map.of()),
                Objects.requireNonNullElse(event.getQueryStringParameters(), Map.of()),
                Objects.requireNonNullElse(event.getHeaders(), Map.of()),
                Objects.requireNonNullElse(event.getBody(), ""),
                event.getIsBase64Encoded(),
                Optional.ofNullable(event.getRequestContext())
                        .map(APIGatewayV2HTTPEvent.RequestContext::getAuthorizer)
                        .map(APIGatewayV2HTTPEvent.RequestContext.Authorizer::getJwt)
                        .map(APIGatewayV2HTTPEvent.RequestContext.Authorizer.JWT::getClaims)
                        .orElse(Map.of()));
    }

    /** Returns a variable of the path, decoded; empty if there is none. */
    String variable(String name) {
        return Objects.requireNonNullElse(variables.get(name), "");
    }

    /** @param name in lower case */
    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    /**
     * Returns the fields that a log line may have of this request: its route and its task. Path, query, headers and body are left out, and so
     * is a task id that is not a UUID, since it is the caller's text.
     */
    Map<String, String> logFields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("route", routeKey);
        String stepId = variable("step_id");
        String id = stepId.isEmpty() ? variable("task_id") : stepId.replaceFirst("\\..*", "");
        if (TaskId.parse(id).isPresent()) {
            fields.put("task_id", id);
        }
        return fields;
    }

    /** Returns the same with one more field. */
    Map<String, String> logFields(String name, String value) {
        Map<String, String> fields = logFields();
        fields.put(name, value);
        return fields;
    }
}
