package dev.steptrail.localcloud.template;

import java.io.Reader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** Template text to a tree of maps, lists, scalars and {@link IntrinsicCall}s, whichever way those are written. */
final class TemplateYaml {
    private TemplateYaml() {}

    static Map<String, Object> read(Reader text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        DumperOptions unused = new DumperOptions();
        Yaml yaml = new Yaml(new Tags(options), new Representer(unused), unused, options, new Scalars());
        Object tree;
        try {
            tree = yaml.load(text);
        } catch (YAMLException e) {
            throw new TemplateException("not YAML: " + e.getMessage());
        }
        if (!(intrinsics(tree) instanceof Map<?, ?> map)) {
            throw new TemplateException("not a template: a map of Resources is expected");
        }
        return YamlMapping.cast(map);
    }

    /** Makes {@code {"Fn::Sub": …}} what {@code !Sub …} is. */
    private static @Nullable Object intrinsics(@Nullable Object node) {
        if (node instanceof IntrinsicCall intrinsic) {
            return new IntrinsicCall(intrinsic.function(), intrinsics(intrinsic.argument()));
        }
        if (node instanceof List<?> list) {
            return list.stream().map(TemplateYaml::intrinsics).toList();
        }
        if (!(node instanceof Map<?, ?> map)) {
            return node;
        }
        if (map.size() == 1) {
            String key = String.valueOf(map.keySet().iterator().next());
            if (key.equals("Ref") || key.startsWith("Fn::")) {
                return new IntrinsicCall(key, intrinsics(map.get(key)));
            }
        }
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), intrinsics(value)));
        return copy;
    }

    private static final class Tags extends SafeConstructor {
        Tags(LoaderOptions options) {
            super(options);
            yamlMultiConstructors.put("!", new AbstractConstruct() {
                @Override
                public Object construct(Node node) {
                    String name = node.getTag().getValue().substring(1);
                    boolean plain = name.equals("Ref") || name.equals("Condition");
                    return new IntrinsicCall(plain ? name : "Fn::" + name, argument(node));
                }
            });
        }

        private Object argument(Node node) {
            if (node instanceof SequenceNode sequence) {
                return constructSequence(sequence);
            }
            return node instanceof MappingNode mapping ? constructMapping(mapping) : constructScalar((ScalarNode) node);
        }
    }

    /** Only what JSON has: a policy's 2012-10-17 stays text, and so does {@code on}. */
    private static final class Scalars extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, Pattern.compile("true|false"), "tf");
            addImplicitResolver(Tag.INT, Pattern.compile("-?(0|[1-9][0-9]*)"), "-0123456789");
            addImplicitResolver(Tag.FLOAT, Pattern.compile("-?(0|[1-9][0-9]*)\\.[0-9]+"), "-0123456789");
            addImplicitResolver(Tag.NULL, Pattern.compile("null|~|"), "n~\0");
        }
    }
}
