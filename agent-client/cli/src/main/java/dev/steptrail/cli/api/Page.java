package dev.steptrail.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param next the cursor of the page after it; null at the list's end
 */
public record Page(List<JsonNode> items, @Nullable String next) {
    static Page of(JsonNode answer, String name) {
        List<JsonNode> items = new ArrayList<>();
        answer.path(name).forEach(items::add);
        return new Page(items, answer.path("next_cursor").textValue());
    }
}
