package dev.steptrail.localcloud.gateway;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.localcloud.template.Template.Route;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Builds the event that a function receives for a request.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">
 *     Lambda proxy integrations, payload format 2.0</a>
 */
final class ProxyEvent {
    private static final JsonMapper JSON = new JsonMapper();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private ProxyEvent() {}

    /** @param claims the claims of the caller's token; null if the route has no authorizer */
    static byte[] of(HttpRequest request, RouteTable.Match match, @Nullable Map<String, Object> claims, byte[] body) {
        ObjectNode event = JSON.createObjectNode();
        event.put("version", "2.0");
        event.put("routeKey", match.route().key());
        event.put("rawPath", request.path());
        event.put("rawQueryString", request.query());
        Map<String, String> headers = new LinkedHashMap<>(request.headers());
        String cookies = headers.remove("cookie");
        if (cookies != null) {
            event.set("cookies", JSON.valueToTree(cookies.split("; ?")));
        }
        event.set("headers", JSON.valueToTree(headers));
        if (!request.query().isEmpty()) {
            event.set("queryStringParameters", JSON.valueToTree(request.queryParameters()));
        }
        if (!match.pathParameters().isEmpty()) {
            event.set("pathParameters", JSON.valueToTree(match.pathParameters()));
        }
        event.set("requestContext", context(request, match.route(), claims));
        boolean isText =
                request.header("content-type").matches("text/.*|application/(.*\\+)?(json|xml|javascript)\\b.*");
        if (body.length > 0) {
            Base64.Encoder base64 = Base64.getEncoder();
            event.put("body", isText ? new String(body, StandardCharsets.UTF_8) : base64.encodeToString(body));
        }
        event.put("isBase64Encoded", body.length > 0 && !isText);
        return event.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode context(HttpRequest request, Route route, @Nullable Map<String, Object> claims) {
        Instant now = Instant.now();
        ObjectNode context = JSON.createObjectNode();
        context.put("accountId", "000000000000");
        context.put("apiId", "local");
        context.put("domainName", request.headers().getOrDefault("host", "localhost"));
        context.put("domainPrefix", "local");
        context.put("requestId", UUID.randomUUID().toString());
        context.put("routeKey", route.key());
        context.put("stage", "$default");
        context.put("time", TIME.format(now));
        context.put("timeEpoch", now.toEpochMilli());
        context.putObject("http")
                .put("method", request.method())
                .put("path", request.path())
                .put("protocol", request.protocol())
                .put("sourceIp", request.sourceIp())
                .put("userAgent", request.header("user-agent"));
        if (claims != null) {
            ObjectNode jwt = context.putObject("authorizer").putObject("jwt");
            ObjectNode jwtClaims = jwt.putObject("claims");
            claims.forEach((name, value) -> jwtClaims.put(name, render(value)));
            jwt.putNull("scopes"); // no route requires scopes
        }
        return context;
    }

    /** Renders a claim as API Gateway does: lists as {@code [a b]}, maps as {@code map[a:1 b:2]}. */
    private static String render(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(ProxyEvent::render).collect(Collectors.joining(" ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + ":" + render(entry.getValue()))
                    .collect(Collectors.joining(" ", "map[", "]"));
        }
        return String.valueOf(value);
    }
}
