package dev.steptrail.localcloud.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of the template that is read key by key. {@link #done} rejects keys that were not read, so that no part of the template
 * is ignored silently. A value is resolved only when it is read.
 */
final class YamlMapping {
    private final String where;
    private final Map<String, Object> values;
    private final IntrinsicResolver resolver;
    private final Set<String> unread;

    YamlMapping(String where, Map<String, Object> values, IntrinsicResolver resolver) {
        this.where = where;
        this.values = values;
        this.resolver = resolver;
        this.unread = new TreeSet<>(values.keySet());
    }

    String where() {
        return where;
    }

    @Nullable
    Object value(String key) {
        unread.remove(key);
        return resolver.resolve(values.get(key), where + "." + key);
    }

    String text(String key) {
        String text = optionalText(key);
        if (text == null) {
            throw new TemplateException(where + ": " + key + " is missing");
        }
        return text;
    }

    String text(String key, String otherwise) {
        String text = optionalText(key);
        return text == null ? otherwise : text;
    }

    @Nullable
    String optionalText(String key) {
        Object value = value(key);
        if (value instanceof Map<?, ?> || value instanceof List<?>) {
            throw new TemplateException(where + ": " + key + " is not a text");
        }
        return value == null ? null : value.toString();
    }

    int number(String key, int otherwise) {
        String text = optionalText(key);
        try {
            return text == null ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new TemplateException(where + ": " + key + " is not a number: " + text);
        }
    }

    List<String> texts(String key) {
        Object value = value(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw new TemplateException(where + ": " + key + " is not a list");
        }
        return list.stream().map(String::valueOf).toList();
    }

    /** Returns a mapping within this one; an empty one if absent. */
    YamlMapping mapping(String key) {
        unread.remove(key);
        return mapping(key, values.get(key));
    }

    /** Returns all mappings within this one by key. */
    Map<String, YamlMapping> mappings() {
        Map<String, YamlMapping> mappings = new LinkedHashMap<>();
        values.keySet().forEach(key -> mappings.put(key, mapping(key)));
        return mappings;
    }

    /** Returns the mappings of a list within this one; none if the list is absent. */
    List<YamlMapping> mappings(String key) {
        Object value = value(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw new TemplateException(where + ": " + key + " is not a list");
        }
        return list.stream().map(item -> mapping(key, item)).toList();
    }

    /** Returns a mapping merged over defaults: mappings are merged, lists appended to the defaults, other values replaced. */
    YamlMapping merged(String key, Map<String, Object> defaults) {
        unread.remove(key);
        return mapping(key, merge(defaults, values.getOrDefault(key, Map.of())));
    }

    private static Object merge(Object defaults, Object own) {
        if (defaults instanceof Map<?, ?> base && own instanceof Map<?, ?> over) {
            Map<String, Object> merged = new LinkedHashMap<>(cast(base));
            cast(over).forEach((key, value) -> merged.merge(key, value, YamlMapping::merge));
            return merged;
        }
        if (defaults instanceof List<?> base && own instanceof List<?> over) {
            return Stream.concat(base.stream(), over.stream()).toList();
        }
        return own;
    }

    private YamlMapping mapping(String key, @Nullable Object value) {
        if (value == null) {
            return new YamlMapping(where + "." + key, Map.of(), resolver);
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new TemplateException(where + ": " + key + " is not a map");
        }
        return new YamlMapping(where + "." + key, cast(map), resolver);
    }

    Map<String, String> textMap() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String key : values.keySet()) {
            String text = optionalText(key);
            if (text != null) {
                texts.put(key, text);
            }
        }
        return texts;
    }

    /** Ignores keys that have a meaning only in AWS. */
    void cloudOnly(String... keys) {
        unread.removeAll(Set.of(keys));
    }

    void done() {
        if (!unread.isEmpty()) {
            throw new TemplateException(where + ": the local cloud does not know " + String.join(", ", unread));
        }
    }

    @SuppressWarnings("unchecked") // every map of a template is keyed by text
    static Map<String, Object> cast(Map<?, ?> map) {
        return (Map<String, Object>) map;
    }
}
