package dev.steptrail.api.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.steptrail.api.Api;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Checks responses against {@link ApiDocument}. */
public final class ResponseValidator {
    private static final Map<String, Operation> OPERATIONS =
            ApiDocument.operations().stream().collect(Collectors.toMap(Operation::key, Function.identity()));

    /** The schema of error responses, which any path may return. */
    private static final DocumentNode PROBLEM =
            ApiDocument.root().at("components").at("schemas").at("Problem");

    private ResponseValidator() {}

    /** Returns the differences between a response and the document; empty if there are none. */
    public static List<String> violations(String routeKey, Api.Answer answer) {
        Operation operation = OPERATIONS.get(routeKey);
        if (operation == null) {
            return answer.status() == 404
                    ? ApiDocument.errors(PROBLEM, answer.json())
                    : List.of("a route that is not in the document answers " + answer.status());
        }
        DocumentNode response = operation.response(answer.status());
        if (!response.exists()) {
            return List.of("status " + answer.status() + " is not in the document");
        }
        List<String> violations = new ArrayList<>(headers(response, answer.headers()));
        violations.addAll(body(response.at("content"), answer));
        return violations;
    }

    private static List<String> headers(DocumentNode response, Map<String, String> given) {
        Map<String, DocumentNode> documented = new HashMap<>();
        for (String name : names(response.at("headers"))) {
            documented.put(name.toLowerCase(Locale.ROOT), response.at("headers").at(name));
        }
        List<String> violations = new ArrayList<>();
        documented.forEach((name, header) -> {
            if (header.node().path("required").asBoolean() && !given.containsKey(name)) {
                violations.add("the header " + name + " is missing");
            }
        });
        given.forEach((name, value) -> {
            if (documented.containsKey(name)) {
                violations.addAll(ApiDocument.errors(documented.get(name).at("schema"), TextNode.valueOf(value)));
            } else if (!name.equals("content-type")) { // documented with the content
                violations.add("the header " + name + " is not in the document");
            }
        });
        return violations;
    }

    private static List<String> body(DocumentNode content, Api.Answer answer) {
        String type = answer.headers().getOrDefault("content-type", "none").replaceFirst(" *;.*", "");
        if (!content.exists()) {
            return type.equals("none") && answer.body().isEmpty() ? List.of() : List.of("there is a body");
        }
        if (!content.at(type).exists()) {
            return List.of("a body of type " + type + " is not in the document");
        }
        JsonNode body = type.endsWith("json") ? answer.json() : TextNode.valueOf(answer.body());
        return ApiDocument.errors(content.at(type).at("schema"), body);
    }

    private static List<String> names(DocumentNode object) {
        List<String> names = new ArrayList<>();
        object.node().fieldNames().forEachRemaining(names::add);
        return names;
    }
}
