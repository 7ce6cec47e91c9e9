package dev.steptrail.api.contract;

import java.util.List;
import java.util.Locale;

/** The operation of a route in {@link ApiDocument}. */
public record Operation(DocumentNode path, DocumentNode method) {
    /**
     * API Gateway's route key, such as {@code GET /api/tasks}. OpenAPI has no variables that match slashes, so {@code
     * x-greedy} marks them.
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

    public DocumentNode response(int status) {
        return method.at("responses").at(Integer.toString(status));
    }

    /** Returns the schema of its body; missing if it has none. */
    public DocumentNode body() {
        return method.at("requestBody").at("content").at("application/json").at("schema");
    }
}
