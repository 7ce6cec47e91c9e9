package dev.steptrail.localcloud.template;

import static dev.steptrail.localcloud.template.TemplateYaml.at;
import static dev.steptrail.localcloud.template.TemplateYaml.list;
import static dev.steptrail.localcloud.template.TemplateYaml.map;

import dev.steptrail.localcloud.template.Template.Route;
import dev.steptrail.localcloud.template.Template.Route.JwtAuthorizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAPI definition of an HTTP API (AWS::Serverless::HttpApi), which contains API Gateway's extensions.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html">OpenAPI
 *     definitions of HTTP APIs</a>
 */
record HttpApi(Map<String, Object> definition) {
    private static final String ANY_METHOD = "x-amazon-apigateway-any-method";

    /** @param functionIds the ids of the template's functions by the ARN of their alias */
    List<Route> routes(Map<String, String> functionIds) {
        List<Route> routes = new ArrayList<>();
        map(definition.get("paths"))
                .forEach((path, operations) -> map(operations).forEach((method, operation) -> {
                    routes.add(new Route(
                            method.equals(ANY_METHOD) ? "ANY" : method.toUpperCase(Locale.ROOT),
                            path.equals("/" + Route.DEFAULT) ? Route.DEFAULT : path,
                            functionId(path, operation, functionIds),
                            authorizer(path, operation)));
                }));
        return routes;
    }

    private String functionId(String path, Object operation, Map<String, String> functionIds) {
        String reference =
                at(operation, "x-amazon-apigateway-integration", "$ref").toString();
        String integration = reference.substring(reference.lastIndexOf('/') + 1);
        Object uri = at(definition, "components", "x-amazon-apigateway-integrations", integration, "uri");
        String functionId = functionIds.get(uri.toString().replaceFirst(".*/functions/(.*)/invocations", "$1"));
        if (functionId == null) {
            throw new TemplateException(path + ": the integration's uri is not the ARN of a function in the template");
        }
        return functionId;
    }

    /** Returns the authorizer of the only security requirement; null if there is none. */
    private @Nullable JwtAuthorizer authorizer(String path, Object operation) {
        if (!map(operation).containsKey("security")) {
            return null;
        }
        String name =
                map(list(at(operation, "security")).get(0)).keySet().iterator().next();
        Object jwt = at(
                definition,
                "components",
                "securitySchemes",
                name,
                "x-amazon-apigateway-authorizer",
                "jwtConfiguration");
        if (map(jwt).isEmpty()) {
            throw new TemplateException(path + ": the local cloud supports only JWT authorizers; " + name + " is none");
        }
        Set<String> audience =
                list(at(jwt, "audience")).stream().map(String::valueOf).collect(Collectors.toSet());
        return new JwtAuthorizer(at(jwt, "issuer").toString(), audience);
    }
}
