package dev.steptrail.localcloud.template;

import java.io.Reader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Parses a template to maps, lists and strings. Scalars are not converted, because CloudFormation converts them by the
 * type of the property. An intrinsic function in its short form, {@code !Sub …}, becomes the map of its full form,
 * {@code {"Fn::Sub": …}}.
 */
public final class TemplateYaml {
    private TemplateYaml() {}

    /**
     * Parses a template.
     *
     * @throws TemplateException if the text is not a YAML mapping, or has a duplicate key
     */
    public static Map<String, Object> parse(Reader text) {
        Node root;
        try {
            root = new Yaml(new LoaderOptions()).compose(text);
        } catch (YAMLException e) {
            throw new TemplateException("the template is not valid YAML: " + e.getMessage());
        }
        if (root instanceof MappingNode mapping) {
            return map(mapping);
        }
        throw new TemplateException("the template must be a YAML mapping with Resources");
    }

    private static @Nullable Object tree(Node node) {
        Object value;
        if (node instanceof MappingNode mapping) {
            value = map(mapping);
        } else if (node instanceof SequenceNode sequence) {
            value = sequence.getValue().stream().map(TemplateYaml::tree).toList();
        } else {
            value = node.getTag().equals(Tag.NULL) ? null : ((ScalarNode) node).getValue();
        }
        String tag = node.getTag().getValue();
        if (value == null || !tag.startsWith("!")) {
            return value;
        }
        String name = tag.substring(1);
        return Map.of(name.equals("Ref") || name.equals("Condition") ? name : "Fn::" + name, value);
    }

    private static Map<String, Object> map(MappingNode mapping) {
        Map<String, Object> map = new LinkedHashMap<>();
        mapping.getValue().forEach(entry -> {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw new TemplateException("a key of the template is not a string"
                        + entry.getKeyNode().getStartMark());
            }
            Object value = tree(entry.getValueNode());
            if (value != null && map.put(key.getValue(), value) != null) {
                throw new TemplateException("the template has a duplicate key: " + key.getValue() + key.getStartMark());
            }
        });
        return map;
    }

    /** Returns the value at a path of keys; an empty map if there is none. */
    public static Object at(@Nullable Object node, String... keys) {
        Object value = node == null ? Map.of() : node;
        for (String key : keys) {
            value = map(value).getOrDefault(key, Map.of());
        }
        return value;
    }

    /** Returns a map unchanged, and an empty map for any other value. */
    @SuppressWarnings("unchecked") // every map of a template has string keys
    public static Map<String, Object> map(@Nullable Object node) {
        return node instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /** Returns a list unchanged, a single value as a list, and an empty list for an empty map. */
    public static List<Object> list(Object node) {
        if (node instanceof List<?> list) {
            return List.copyOf(list);
        }
        return node.equals(Map.of()) ? List.of() : List.of(node);
    }
}
