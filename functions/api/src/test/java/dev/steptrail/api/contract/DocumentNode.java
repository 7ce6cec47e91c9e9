package dev.steptrail.api.contract;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A node of {@link ApiDocument} and its position. Navigation follows references.
 *
 * @param pointer a JSON pointer
 * @param node the node; a missing node if there is none at the pointer
 */
public record DocumentNode(String pointer, JsonNode node) {
    /** Returns a child by its name or array index. */
    public DocumentNode at(String name) {
        String below = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
        JsonNode found = node.isArray() ? node.path(Integer.parseInt(name)) : node.path(name);
        if (!found.path("$ref").isTextual()) {
            return new DocumentNode(below, found);
        }
        String target = found.get("$ref").asText().substring(1);
        return new DocumentNode(target, ApiDocument.root().node().at(target));
    }

    public boolean exists() {
        return !node.isMissingNode();
    }

    /** Returns its name in its parent. */
    public String name() {
        return JsonPointer.compile(pointer).last().getMatchingProperty();
    }

    public String text(String name) {
        return node.path(name).asText();
    }

    /** Returns the values of an object or the elements of an array. */
    public List<DocumentNode> members() {
        List<DocumentNode> members = new ArrayList<>();
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
