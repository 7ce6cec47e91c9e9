package dev.steptrail.bench.capacity;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Whole numbers of a SAM template, by where they stand; for one that is a parameter's, that parameter's default. */
final class TemplateNumbers {
    private final Path file;
    private final Object tree;

    private TemplateNumbers(Path file, Object tree) {
        this.file = file;
        this.tree = tree;
    }

    /** @throws IOException when the file cannot be read */
    static TemplateNumbers read(Path file) throws IOException {
        try (Reader text = Files.newBufferedReader(file)) {
            return new TemplateNumbers(file, new Yaml(new Tags()).load(text));
        }
    }

    /** {@code !Ref X}, as it stands in the template. */
    private record Ref(String parameter) {}

    /**
     * The number at a path of keys with dots between.
     *
     * @throws IllegalArgumentException naming the path, if there is none
     */
    int at(String path) {
        Object value = under(path);
        if (value instanceof Ref ref) {
            value = under("Parameters." + ref.parameter() + ".Default");
        }
        try {
            return Integer.parseInt(String.valueOf(value));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(file + " has no number at " + path, e);
        }
    }

    private @Nullable Object under(String path) {
        Object value = tree;
        for (String key : path.split("\\.", -1)) {
            value = value instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return value;
    }

    /** Reads a tag as what it stands for: {@code !Ref} as the parameter's name, of others their arguments. */
    private static final class Tags extends SafeConstructor {
        Tags() {
            super(new LoaderOptions());
            yamlMultiConstructors.put("!", new AbstractConstruct() {
                @Override
                public Object construct(Node node) {
                    if (node instanceof ScalarNode scalar) {
                        boolean ref = node.getTag().getValue().equals("!Ref");
                        return ref ? new Ref(scalar.getValue()) : scalar.getValue();
                    }
                    return node instanceof SequenceNode sequence
                            ? constructSequence(sequence)
                            : constructMapping((MappingNode) node);
                }
            });
        }
    }
}
