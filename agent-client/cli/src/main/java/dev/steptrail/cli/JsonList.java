package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Consumer;

/**
 * Prints a list for programs as its elements arrive: one JSON object such as {@code {"tasks":[…]}} with an element a line. If it
 * breaks off, it is not valid JSON, so that nobody takes it for the whole.
 */
final class JsonList {
    private final String name;
    private final Consumer<String> lines;
    private String pending = "";

    JsonList(String name, Consumer<String> lines) {
        this.name = name;
        this.lines = lines;
    }

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
