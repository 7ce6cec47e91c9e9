package dev.steptrail.localcloud.template;

import dev.steptrail.localcloud.template.Route.JwtAuthorizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the routes of an HTTP API (AWS::Serverless::HttpApi) from its OpenAPI definition, with API Gateway's extensions.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html">OpenAPI definitions of HTTP
 *     APIs</a>
 */
final class HttpApi {
    private static final String INTEGRATION = "x-amazon-apigateway-integration";
    private static final String INTEGRATIONS = "x-amazon-apigateway-integrations";
    private static final String ANY_METHOD = "x-amazon-apigateway-any-method";
    private static final String DEFAULT_ROUTE = "/$default";

    private final Map<String, JwtAuthorizer> authorizers = new LinkedHashMap<>();
    private final Map<String, String> functionIds = new LinkedHashMap<>();

    private HttpApi(YamlMapping components, Function<String, @Nullable String> functionOf) {
        components
                .mapping("securitySchemes")
                .mappings()
                .forEach((name, scheme) -> authorizers.put(name, authorizer(scheme)));
        components
                .mapping(INTEGRATIONS)
                .mappings()
                .forEach((name, integration) -> functionIds.put(name, function(integration, functionOf)));
        components.done();
    }

    /**
     * Reads the routes.
     *
     * @param functionOf returns the id of the function that an integration's URI names, or null
     */
    static List<Route> routes(YamlMapping properties, Function<String, @Nullable String> functionOf) {
        YamlMapping definition = properties.mapping("DefinitionBody");
        definition.cloudOnly("openapi", "info");
        HttpApi api = new HttpApi(definition.mapping("components"), functionOf);
        List<Route> routes = new ArrayList<>();
        definition.mapping("paths").mappings().forEach((path, operations) -> operations
                .mappings()
                .forEach((method, operation) -> routes.add(api.route(method, path, operation))));
        definition.done();
        properties.cloudOnly(
                "AccessLogSettings",
                "CorsConfiguration",
                "DefaultRouteSettings",
                "Description",
                "Name",
                "RouteSettings",
                "Tags");
        properties.done();
        return routes;
    }

    private Route route(String method, String path, YamlMapping operation) {
        YamlMapping integration = operation.mapping(INTEGRATION);
        String name = lastSegment(integration.text("$ref"));
        integration.done();
        String functionId = functionIds.get(name);
        if (functionId == null) {
            throw new TemplateException(operation.where() + ": components." + INTEGRATIONS + " has no " + name);
        }
        JwtAuthorizer authorizer = null;
        for (YamlMapping requirement : operation.mappings("security")) {
            authorizer = required(requirement);
        }
        boolean isDefault = Boolean.parseBoolean(operation.text("isDefaultRoute", "false"));
        if (isDefault != path.equals(DEFAULT_ROUTE)) {
            throw new TemplateException(
                    operation.where() + ": isDefaultRoute and the path " + DEFAULT_ROUTE + " belong together");
        }
        operation.done();
        return new Route(
                method.equals(ANY_METHOD) ? "ANY" : method.toUpperCase(Locale.ROOT),
                isDefault ? Route.DEFAULT : path,
                functionId,
                authorizer);
    }

    private JwtAuthorizer required(YamlMapping requirement) {
        for (Map.Entry<String, JwtAuthorizer> authorizer : authorizers.entrySet()) {
            if (requirement.value(authorizer.getKey()) != null) {
                JwtAuthorizer jwt = authorizer.getValue();
                List<String> scopes = requirement.texts(authorizer.getKey());
                requirement.done();
                return new JwtAuthorizer(jwt.issuer(), jwt.audience(), scopes);
            }
        }
        throw new TemplateException(requirement.where() + ": components.securitySchemes has no such authorizer");
    }

    private static JwtAuthorizer authorizer(YamlMapping scheme) {
        scheme.cloudOnly("type");
        YamlMapping authorizer = scheme.mapping("x-amazon-apigateway-authorizer");
        String type = authorizer.text("type");
        String source = authorizer.text("identitySource");
        if (!type.equals("jwt") || !source.equalsIgnoreCase("$request.header.Authorization")) {
            throw new TemplateException(
                    authorizer.where() + ": the local cloud only supports type jwt with tokens in the"
                            + " header Authorization, not " + type + " from " + source);
        }
        YamlMapping jwt = authorizer.mapping("jwtConfiguration");
        JwtAuthorizer read =
                new JwtAuthorizer(jwt.text("issuer"), new LinkedHashSet<>(jwt.texts("audience")), List.of());
        jwt.done();
        authorizer.done();
        scheme.done();
        return read;
    }

    private static String function(YamlMapping integration, Function<String, @Nullable String> functionOf) {
        String uri = integration.text("uri");
        String functionId = functionOf.apply(uri);
        if (functionId == null) {
            throw new TemplateException(integration.where() + ": uri names no function of the template: " + uri);
        }
        if (!integration.text("payloadFormatVersion").equals("2.0")) {
            throw new TemplateException(integration.where() + ": the local cloud only supports payload format 2.0");
        }
        integration.cloudOnly("type", "httpMethod", "connectionType");
        integration.done();
        return functionId;
    }

    private static String lastSegment(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }
}
