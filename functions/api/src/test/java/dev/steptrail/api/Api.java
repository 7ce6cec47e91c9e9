package dev.steptrail.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.api.contract.ResponseValidator;
import dev.steptrail.store.TestContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Calls a handler as API Gateway does, and checks every response against {@code infra/openapi.yaml}. */
public final class Api {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private final ApiHandler handler;
    private final Map<String, String> claims;

    public Api(ApiHandler handler, Map<String, String> claims) {
        this.handler = handler;
        this.claims = claims;
    }

    /** A response, and the log of its request without the metrics line. */
    public record Answer(int status, Map<String, String> headers, String body, String logged) {
        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Returns a value of the JSON as text; empty if there is none at the pointer. */
        public String text(String pointer) {
            return json().at(pointer).asText();
        }

        public String detail() {
            return text("/detail");
        }

        /** Returns the detail of a response with status 400. */
        public String badRequest() {
            assertThat(status).as(body).isEqualTo(400);
            return detail();
        }

        /** Returns the status and the type of a problem, such as {@code 404 not-found}. */
        public String problem() {
            return status + " " + text("/type").replace("urn:steptrail:problem:", "");
        }
    }

    /**
     * @param routeKey such as {@code GET /api/tasks/{task_id}}
     * @param id the value of the route's single path parameter; null if it has none
     * @param query such as {@code limit=2&order=desc}; not decoded
     */
    public Answer get(String routeKey, Object id, String query) {
        return call(routeKey, id, query, null);
    }

    /** Same without a query. */
    public Answer get(String routeKey, Object id) {
        return get(routeKey, id, "");
    }

    /** Same with headers. */
    public Answer get(String routeKey, Object id, String query, Map<String, String> headers) {
        return call(routeKey, path(id), query, null, headers);
    }

    /** Same for the holder of a share link, at the route for readers. */
    public Answer shared(String routeKey, Object id, String query, String token) {
        return get(routeKey.replace("/api/", "/api/shared/"), id, query, Map.of("x-steptrail-share", token));
    }

    /** Same as {@link #get} with a body. */
    public Answer call(String routeKey, Object id, String query, String body) {
        return call(routeKey, path(id), query, body, null);
    }

    private static Map<String, String> path(Object id) {
        Map<String, String> path = new HashMap<>();
        for (String name : List.of("task_id", "step_id", "sender_id", "id", "job_id", "name")) {
            path.put(name, String.valueOf(id));
        }
        return id == null ? null : path;
    }

    /** Same with all parts of a request. */
    public Answer call(
            String routeKey, Map<String, String> path, String query, String body, Map<String, String> headers) {
        return send(APIGatewayV2HTTPEvent.builder()
                .withRouteKey(routeKey)
                .withPathParameters(path)
                .withHeaders(headers)
                .withRawQueryString(query)
                .withBody(body)
                .build());
    }

    /** Same with an event, to which the caller's claims are added. */
    public Answer send(APIGatewayV2HTTPEvent event) {
        return send(event, new TestContext());
    }

    /** Same with the context of the invocation. */
    public Answer send(APIGatewayV2HTTPEvent event, TestContext invocation) {
        var context = APIGatewayV2HTTPEvent.RequestContext.builder();
        if (claims != null) {
            Map<String, String> headers = new HashMap<>(event.getHeaders() == null ? Map.of() : event.getHeaders());
            headers.put("authorization", "Bearer " + token());
            event.setHeaders(headers);
            context.withAuthorizer(APIGatewayV2HTTPEvent.RequestContext.Authorizer.builder()
                    .withJwt(APIGatewayV2HTTPEvent.RequestContext.Authorizer.JWT
                            .builder()
                            .withClaims(claims)
                            .build())
                    .build());
        }
        event.setRequestContext(context.build());
        APIGatewayV2HTTPResponse response = LambdaInvoker.invoke(handler, event, invocation);
        String logged = invocation
                .logged()
                .lines()
                .filter(line -> !invocation.metricLines().contains(line))
                .collect(Collectors.joining("\n"));
        Answer answer =
                new Answer(response.getStatusCode(), response.getHeaders(), LambdaInvoker.text(response), logged);
        assertThat(ResponseValidator.violations(event.getRouteKey(), answer))
                .as("%s, status %d", event.getRouteKey(), answer.status())
                .isEmpty();
        return answer;
    }

    /** Returns an unsigned token with the claims. A claim like {@code [a b]} becomes a list. */
    private String token() {
        Map<String, Object> payload = new HashMap<>(claims);
        payload.replaceAll((name, value) -> value.toString().startsWith("[")
                ? List.of(value.toString()
                        .substring(1, value.toString().length() - 1)
                        .split(" "))
                : value);
        return "e30."
                + Base64.getUrlEncoder()
                        .encodeToString(JSON.valueToTree(payload).toString().getBytes(UTF_8)) + ".c2ln";
    }

    public Answer delete(UUID task) {
        return get("DELETE /api/tasks/{task_id}", task);
    }

    /** Creates a share link with these options, and returns its token. */
    public String share(UUID task, String options) {
        return call("POST /api/tasks/{task_id}/shares", task, "", options).text("/token");
    }

    /** Requests all pages of a list, and returns the items of each. */
    public List<List<JsonNode>> pages(String routeKey, Object id, String query, String list) {
        List<List<JsonNode>> pages = new ArrayList<>();
        String cursor = "";
        do {
            Answer answer =
                    get(routeKey, id, query.isEmpty() || cursor.isEmpty() ? query + cursor : query + "&" + cursor);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body().getBytes(UTF_8))
                    .as("Lambda's limit in base64")
                    .hasSizeLessThan(6 * 1024 * 1024 * 3 / 4);
            List<JsonNode> items = new ArrayList<>();
            answer.json().get(list).forEach(items::add);
            pages.add(items);
            JsonNode next = answer.json().get("next_cursor");
            cursor = next.isNull() ? "" : "cursor=" + next.asText();
        } while (!cursor.isEmpty());
        return pages;
    }

    /** Same with one field of each item, as text. */
    public List<List<String>> pages(String routeKey, Object id, String query, String list, String field) {
        return pages(routeKey, id, query, list).stream()
                .map(page -> page.stream().map(item -> item.get(field).asText()).toList())
                .toList();
    }
}
