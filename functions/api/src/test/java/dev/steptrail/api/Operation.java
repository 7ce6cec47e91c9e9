package dev.steptrail.api;

import java.util.List;
import java.util.Locale;

/** What {@link ApiDocument} says of a route. */
record Operation(Place path, Place method) {
    /** API Gateway's route key, such as {@code GET /api/tasks}. */
    String key() {
        return method.name().toUpperCase(Locale.ROOT) + " " + path.name();
    }

    /** @param in {@code query}, {@code path} or {@code header} */
    List<Place> parameters(String in) {
        return method.at("parameters").members().stream()
                .filter(parameter -> parameter.text("in").equals(in))
                .toList();
    }

    List<String> names(String in) {
        return parameters(in).stream().map(parameter -> parameter.text("name")).toList();
    }

    Place response(int status) {
        return method.at("responses").at(Integer.toString(status));
    }

    /** The schema of its body; missing where it takes none. */
    Place body() {
        return method.at("requestBody").at("content").at("application/json").at("schema");
    }
}
