package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Consumer;

/**
 * A list for programs, printed as it comes: one JSON object such as {@code {"tasks":[…]}}, in which each element has a line of
 * its own. One that breaks off is no JSON, so that nobody takes it for the whole.
 */
final class JsonList {
    private final String name;
    private final Consumer<String> lines;
    private String pending = "";

    JsonList(String name, Consumer<String> lines) {
        this.name = name;
        this.lines = lines;
    }

    /** The next elements, as the API gave them. */
    void add(List<JsonNode> elements) {
        for (JsonNode element : elements) {
            lines.accept(pending.isEmpty() ? "{\"" + name + "\":[" : pending + ",");
            pending = element.toString();
        }
    }

    void end() {
        if (pending.isEmpty()) {
            lines.accept("{\"" + name + "\":[]}");
        } else {
            lines.accept(pending);
            lines.accept("]}");
        }
    }
}
