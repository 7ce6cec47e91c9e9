package dev.steptrail.deployment;

import dev.steptrail.localcloud.template.TemplateYaml;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An unresolved template as maps, lists and strings. An intrinsic function with a scalar is a string with its tag, such
 * as {@code !GetAtt Bucket.Arn}. With a list or map, it is a map with the tag as key.
 */
record TemplateTree(Map<String, Object> root) {
    static final Path MAIN = Path.of("../../sam-template.yaml");

    static TemplateTree of(Path file) throws IOException {
        return of(Files.readString(file));
    }

    static TemplateTree of(String yaml) {
        return new TemplateTree(map(withTags(TemplateYaml.parse(new StringReader(yaml)))));
    }

    /** Replaces intrinsic functions in their full form by their tags. */
    private static Object withTags(Object node) {
        if (node instanceof List<?> list) {
            return list.stream().map(TemplateTree::withTags).toList();
        }
        Map<String, Object> tagged = new LinkedHashMap<>();
        for (Map.Entry<String, Object> entry : map(node).entrySet()) {
            Object value = withTags(entry.getValue());
            if (!isCall(map(node))) {
                tagged.put(entry.getKey(), value);
                continue;
            }
            String tag = "!" + entry.getKey().replace("Fn::", "");
            return value instanceof String text ? tag + " " + text : Map.of(tag, value);
        }
        return node instanceof Map ? tagged : node;
    }

    private static boolean isCall(Map<String, Object> map) {
        return map.size() == 1
                && map.keySet().stream()
                        .allMatch(key -> key.startsWith("Fn::")
                                || key.equals("Ref")
                                || (key.equals("Condition") && map.get(key) instanceof String));
    }

    /** Returns the resources of a type by logical id. */
    Map<String, Map<String, Object>> resources(String type) {
        Map<String, Map<String, Object>> found = new LinkedHashMap<>();
        map(root.get("Resources")).forEach((name, resource) -> {
            if (type.equals(map(resource).get("Type"))) {
                found.put(name, map(resource));
            }
        });
        return found;
    }

    /** Returns the value at this path of keys in a resource; an empty map if there is none. */
    Object at(String resource, String... keys) {
        return at(map(map(root.get("Resources")).getOrDefault(resource, Map.of())), keys);
    }

    static Object at(Object from, String... keys) {
        return TemplateYaml.at(from, keys);
    }

    static Map<String, Object> map(Object node) {
        return TemplateYaml.map(node);
    }

    /** Returns a list unchanged, a single value as a list, and an empty list for an empty map. */
    static List<Object> list(Object node) {
        return TemplateYaml.list(node);
    }

    /** Returns the statements of a policy, including those within {@code !If}. */
    static Stream<Map<String, Object>> statements(Object policyDocument) {
        return list(at(policyDocument, "Statement")).stream()
                .flatMap(statement -> map(statement).containsKey("!If")
                        ? list(map(statement).get("!If")).stream().filter(Map.class::isInstance)
                        : Stream.of(statement))
                .map(TemplateTree::map);
    }
}
