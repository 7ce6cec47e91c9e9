package dev.steptrail.api.contract;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Locale;

/** The operation of a route in {@link ApiDocument}. */
public record Operation(DocumentNode path, DocumentNode method) {
    /**
     * API Gateway's route key, such as {@code GET /api/tasks}. OpenAPI has no variables that match slashes, so
     * {@code x-greedy} marks them.
     */
    public String key() {
        String template = path.name();
        for (DocumentNode parameter : parameters("path")) {
            if (parameter.node().path("x-greedy").asBoolean()) {
                template = template.replace("{" + parameter.text("name") + "}", "{" + parameter.text("name") + "+}");
            }
        }
        return method.name().toUpperCase(Locale.ROOT) + " " + template;
    }

    /** @param in {@code query}, {@code path} or {@code header} */
    public List<DocumentNode> parameters(String in) {
        return method.at("parameters").members().stream()
                .filter(parameter -> parameter.text("in").equals(in))
                .toList();
    }

    public List<String> names(String in) {
        return parameters(in).stream().map(parameter -> parameter.text("name")).toList();
    }

    /**
     * Returns the schema of a value: of the parameter, of an item if it can be repeated, or of any name that it
     * represents.
     */
    static DocumentNode valueSchema(DocumentNode parameter) {
        DocumentNode schema = parameter.at("schema");
        return switch (schema.text("type")) {
            case "array" -> schema.at("items");
            case "object" -> schema.at("additionalProperties");
            default -> schema;
        };
    }

    /** Returns the query parameter that documents a name, which may stand for many names; null if there is none. */
    DocumentNode queryParameter(String name) {
        return parameters("query").stream()
                .filter(parameter -> standsForNames(parameter)
                        ? ApiDocument.errors(parameter.at("schema").at("propertyNames"), TextNode.valueOf(name))
                                .isEmpty()
                        : parameter.text("name").equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Returns whether the names of the sent parameters are the properties of an object. */
    static boolean standsForNames(DocumentNode parameter) {
        return parameter.at("schema").text("type").equals("object");
    }

    static boolean isRepeatable(DocumentNode parameter) {
        return parameter.at("schema").text("type").equals("array");
    }

    public DocumentNode response(int status) {
        return method.at("responses").at(Integer.toString(status));
    }

    /** Returns the schema of its body; missing if it has none. */
    public DocumentNode body() {
        return method.at("requestBody").at("content").at("application/json").at("schema");
    }
}
