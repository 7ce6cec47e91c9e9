package dev.steptrail.deployment;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

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
        Yaml reader = new Yaml(new LoaderOptions());
        return new TemplateTree(map(tree(reader.compose(new StringReader(yaml)))));
    }

    private static Object tree(Node node) {
        Object plain = node instanceof MappingNode mapping
                ? tree(mapping)
                : node instanceof SequenceNode sequence
                        ? sequence.getValue().stream().map(TemplateTree::tree).toList()
                        : ((ScalarNode) node).getValue();
        String tag = node.getTag().getValue();
        if (!tag.startsWith("!")) {
            return plain;
        }
        return plain instanceof String text ? tag + " " + text : Map.of(tag, plain);
    }

    private static Map<String, Object> tree(MappingNode mapping) {
        Map<String, Object> map = new LinkedHashMap<>();
        mapping.getValue()
                .forEach(entry -> map.put(((ScalarNode) entry.getKeyNode()).getValue(), tree(entry.getValueNode())));
        return map;
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
        Object value = from;
        for (String key : keys) {
            value = map(value).getOrDefault(key, Map.of());
        }
        return value;
    }

    @SuppressWarnings("unchecked") // every map in a template has string keys
    static Map<String, Object> map(Object node) {
        return node instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /** Returns a list unchanged, a single value as a list, and an empty list for an empty map. */
    static List<Object> list(Object node) {
        if (node instanceof List<?> list) {
            return List.copyOf(list);
        }
        return node instanceof Map<?, ?> map && map.isEmpty() ? List.of() : List.of(node);
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
