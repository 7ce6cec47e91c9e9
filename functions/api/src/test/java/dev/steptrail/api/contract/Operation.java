package dev.steptrail.api.contract;

import java.util.List;
import java.util.Locale;

/** The operation of a route in {@link ApiDocument}. */
public record Operation(DocumentNode path, DocumentNode method) {
    /** API Gateway's route key, such as {@code GET /api/tasks}. */
    public String key() {
        return method.name().toUpperCase(Locale.ROOT) + " " + path.name();
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
