package dev.steptrail.localcloud.template;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.localcloud.template.Template.Route;
import dev.steptrail.localcloud.template.Template.Route.JwtAuthorizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * An HTTP API (AWS::Serverless::HttpApi) with its OpenAPI definition, which contains API Gateway's extensions.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html">OpenAPI
 *     definitions of HTTP APIs</a>
 */
@JsonIgnoreProperties({
    "AccessLogSettings",
    "CorsConfiguration",
    "DefaultRouteSettings",
    "Description",
    "Name",
    "RouteSettings",
    "Tags"
})
record HttpApi(
        @JsonProperty(value = "DefinitionBody", required = true)
        JsonNode definition) {
    private static final String INTEGRATION = "x-amazon-apigateway-integration";
    private static final String INTEGRATIONS = "x-amazon-apigateway-integrations";
    private static final String AUTHORIZER = "x-amazon-apigateway-authorizer";
    private static final String ANY_METHOD = "x-amazon-apigateway-any-method";

    /** @param functionIds the ids of the template's functions by the ARN of their alias */
    List<Route> routes(Map<String, String> functionIds) {
        requireOnly("DefinitionBody", definition, "openapi", "info", "components", "paths");
        requireOnly("components", definition.path("components"), "securitySchemes", INTEGRATIONS);
        List<Route> routes = new ArrayList<>();
        definition.path("paths").properties().forEach(path -> path.getValue()
                .properties()
                .forEach(operation ->
                        routes.add(route(path.getKey(), operation.getKey(), operation.getValue(), functionIds))));
        return routes;
    }

    private Route route(String path, String method, JsonNode operation, Map<String, String> functionIds) {
        requireOnly(path, operation, INTEGRATION, "security", "isDefaultRoute");
        boolean isDefault = operation.path("isDefaultRoute").asBoolean();
        if (isDefault != path.equals("/" + Route.DEFAULT)) {
            throw new TemplateException(path + ": isDefaultRoute must be set on the path /$default only");
        }
        JwtAuthorizer authorizer = null;
        for (JsonNode requirement : operation.path("security")) {
            for (Map.Entry<String, JsonNode> scheme : requirement.properties()) {
                authorizer = authorizer(scheme.getKey(), texts(scheme.getValue()));
            }
        }
        return new Route(
                method.equals(ANY_METHOD) ? "ANY" : method.toUpperCase(Locale.ROOT),
                isDefault ? Route.DEFAULT : path,
                functionId(operation.path(INTEGRATION).path("$ref").asText(), functionIds),
                authorizer);
    }

    private String functionId(String reference, Map<String, String> functionIds) {
        String name = reference.substring(reference.lastIndexOf('/') + 1);
        JsonNode integration = component(INTEGRATIONS, name);
        requireOnly(reference, integration, "uri", "payloadFormatVersion", "type", "httpMethod", "connectionType");
        if (!integration.path("payloadFormatVersion").asText().equals("2.0")) {
            throw new TemplateException(reference + ": the local cloud only supports payload format 2.0");
        }
        String uri = integration.path("uri").asText();
        String functionId = functionIds.get(uri.replaceFirst(".*/2015-03-31/functions/(.*)/invocations", "$1"));
        if (functionId == null) {
            throw new TemplateException(reference + ": uri is not the ARN of a function in the template");
        }
        return functionId;
    }

    private JwtAuthorizer authorizer(String name, List<String> scopes) {
        JsonNode scheme = component("securitySchemes", name);
        JsonNode authorizer = scheme.path(AUTHORIZER);
        requireOnly(name, scheme, "type", AUTHORIZER);
        requireOnly(name, authorizer, "type", "identitySource", "jwtConfiguration");
        String type = authorizer.path("type").asText();
        String source = authorizer.path("identitySource").asText();
        if (!type.equals("jwt") || !source.equalsIgnoreCase("$request.header.Authorization")) {
            throw new TemplateException(name + ": the local cloud only supports type jwt with tokens in the header"
                    + " Authorization, not " + type + " from " + source);
        }
        JsonNode jwt = authorizer.path("jwtConfiguration");
        Set<String> audience = new LinkedHashSet<>(texts(jwt.path("audience")));
        return new JwtAuthorizer(jwt.path("issuer").asText(), audience, scopes);
    }

    private JsonNode component(String kind, String name) {
        JsonNode component = definition.path("components").path(kind).get(name);
        if (component == null) {
            throw new TemplateException("components." + kind + " has no " + name);
        }
        return component;
    }

    private static void requireOnly(String where, JsonNode object, String... supported) {
        object.fieldNames().forEachRemaining(name -> {
            if (!List.of(supported).contains(name)) {
                throw new TemplateException(where + ": the local cloud does not support " + name);
            }
        });
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
