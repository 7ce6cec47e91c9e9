package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.steptrail.stepformat.TaskId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an API Gateway event that this function reads (<a
 * href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">payload
 * format 2.0</a>). Missing parts are empty.
 *
 * @param routeKey such as {@code GET /api/tasks/{task_id}}, or {@value #DEFAULT_ROUTE} for an unknown path
 * @param method such as {@code GET}
 * @param path such as {@code /api/tasks}
 * @param rawQueryString the query as sent, not decoded
 * @param variables the decoded path variables
 * @param headers by name in lower case
 * @param body in base64 if {@code isBase64Encoded}
 * @param claims of the token that the authorizer has verified
 */
record GatewayRequest(
        String routeKey,
        String method,
        String path,
        String rawQueryString,
        Map<String, String> variables,
        Map<String, String> headers,
        String body,
        boolean isBase64Encoded,
        Map<String, String> claims) {
    static final String DEFAULT_ROUTE = "$default";

    static GatewayRequest of(APIGatewayV2HTTPEvent event) {
        return new GatewayRequest(
                Objects.requireNonNullElse(event.getRouteKey(), ""),
                Optional.ofNullable(event.getRequestContext())
                        .map(APIGatewayV2HTTPEvent.RequestContext::getHttp)
                        .map(APIGatewayV2HTTPEvent.RequestContext.Http::getMethod)
                        .orElse(""),
                Objects.requireNonNullElse(event.getRawPath(), ""),
                Objects.requireNonNullElse(event.getRawQueryString(), ""),
                Objects.requireNonNullElse(event.getPathParameters(), Map.of()),
                Objects.requireNonNullElse(event.getHeaders(), Map.of()),
                Objects.requireNonNullElse(event.getBody(), ""),
                event.getIsBase64Encoded(),
                Optional.ofNullable(event.getRequestContext())
                        .map(APIGatewayV2HTTPEvent.RequestContext::getAuthorizer)
                        .map(APIGatewayV2HTTPEvent.RequestContext.Authorizer::getJwt)
                        .map(APIGatewayV2HTTPEvent.RequestContext.Authorizer.JWT::getClaims)
                        .orElse(Map.of()));
    }

    /** Returns whether a browser requests a page, rather than a script or another client data or a file. */
    boolean isForPage() {
        return method.equals("GET")
                && !path.matches("/(?:api|static)(?:/.*)?")
                && Objects.requireNonNullElse(header("accept"), "").contains("text/html");
    }

    /** Returns a decoded path variable; empty if it is missing. */
    String variable(String name) {
        return Objects.requireNonNullElse(variables.get(name), "");
    }

    /** @param name in lower case */
    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    /**
     * Returns the fields that may be logged: the route and the task id. A task id that is not a UUID is omitted,
     * because it is arbitrary text from the caller.
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

    /** Returns {@link #logFields()} with an additional field. */
    Map<String, String> logFields(String name, String value) {
        Map<String, String> fields = logFields();
        fields.put(name, value);
        return fields;
    }
}
