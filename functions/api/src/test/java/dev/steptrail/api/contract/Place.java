package dev.steptrail.api.contract;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of {@link ApiDocument}, and where it stands. Who goes on from it follows its references.
 *
 * @param pointer a JSON pointer
 * @param node what stands there; missing where nothing does
 */
public record Place(String pointer, JsonNode node) {
    /** What stands under a name, or as an element under its number. */
    public Place at(String name) {
        String below = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
        JsonNode found = node.isArray() ? node.path(Integer.parseInt(name)) : node.path(name);
        if (!found.path("$ref").isTextual()) {
            return new Place(below, found);
        }
        String target = found.get("$ref").asText().substring(1);
        return new Place(target, ApiDocument.root().node().at(target));
    }

    public boolean exists() {
        return !node.isMissingNode();
    }

    /** The name under which it stands. */
    public String name() {
        return JsonPointer.compile(pointer).last().getMatchingProperty();
    }

    public String text(String name) {
        return node.path(name).asText();
    }

    /** The values of an object, or the elements of an array. */
    public List<Place> members() {
        List<Place> members = new ArrayList<>();
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                members.add(at(Integer.toString(i)));
            }
        } else {
            node.fieldNames().forEachRemaining(name -> members.add(at(name)));
        }
        return members;
    }
}
