package dev.steptrail.cli.phone.suite;

import dev.steptrail.cli.evaluate.CommandSplitter;
import dev.steptrail.cli.terminal.Suggestion;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A mapping in a YAML file. It is read from the nodes of the file, because they have line numbers. Not thread-safe. */
final class YamlMapping {
    private final Path file;
    private final String path;
    private final Node node;
    private final Map<String, Node> fields = new LinkedHashMap<>();
    private final TreeSet<String> known = new TreeSet<>();

    private YamlMapping(Path file, String path, Node node) throws SuiteFileException {
        this.file = file;
        this.path = path;
        this.node = node;
        if (!(node instanceof MappingNode mapping)) {
            throw error(node, path.isEmpty() ? "the file" : path, "must be a mapping of fields to values");
        }
        for (NodeTuple field : mapping.getValue()) {
            if (!(field.getKeyNode() instanceof ScalarNode key)) {
                throw error(field.getKeyNode(), path.isEmpty() ? "the file" : path, "has a field without a name");
            }
            if (fields.put(key.getValue(), field.getValueNode()) != null) {
                throw error(key, path(key.getValue()), "is given twice");
            }
        }
    }

    /** Reads a file that contains one mapping. */
    static YamlMapping read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new SuiteFileException(file + " is a folder (expected a YAML file)");
        }
        try {
            Node root = new Yaml(new LoaderOptions()).compose(new StringReader(Files.readString(file)));
            if (root == null) {
                throw new SuiteFileException(file + ": the file is empty");
            }
            return new YamlMapping(file, "", root);
        } catch (NoSuchFileException e) {
            throw new SuiteFileException(file + " does not exist");
        } catch (CharacterCodingException e) {
            throw new SuiteFileException(file + " is not UTF-8 text (expected a YAML file)");
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new SuiteFileException(file + ":" + line + ": the YAML is not valid: " + e.getProblem());
        } catch (YAMLException e) {
            throw new SuiteFileException(file + ": the YAML is not valid: " + e.getMessage());
        }
    }

    boolean has(String field) {
        known.add(field);
        return fields.containsKey(field);
    }

    /** Returns a scalar as text, as it is written: an id {@code 007} keeps its zeros. */
    String requireText(String field) throws SuiteFileException {
        String text = text(field);
        if (text == null) {
            throw error(node, path(field), "is missing");
        }
        return text;
    }

    /** Returns a scalar that is not blank; null if the field is absent. */
    @Nullable
    String text(String field) throws SuiteFileException {
        Node value = find(field);
        if (value == null) {
            return null;
        }
        if (!(value instanceof ScalarNode scalar)) {
            throw error(value, path(field), "must be a text");
        }
        if (scalar.getValue().isBlank() || value.getTag().equals(Tag.NULL)) {
            throw error(value, path(field), "must not be empty");
        }
        return scalar.getValue();
    }

    /**
     * Returns a program and its arguments: a list, or a text that is split at spaces and quotes.
     *
     * @param example a value for the error messages
     */
    List<String> requireCommand(String field, String example) throws SuiteFileException {
        String suffix = ", for example " + example;
        List<String> words = new ArrayList<>();
        Node value = find(field);
        if (value instanceof SequenceNode sequence) {
            for (Node word : sequence.getValue()) {
                if (!(word instanceof ScalarNode scalar)) {
                    throw error(word, path(field), "must contain only texts" + suffix);
                }
                words.add(scalar.getValue());
            }
        } else if (value instanceof ScalarNode scalar) {
            try {
                words.addAll(CommandSplitter.split(scalar.getValue()));
            } catch (IllegalArgumentException e) {
                throw error(field, "is not valid: " + e.getMessage() + suffix);
            }
        } else {
            throw error(field, (value == null ? "is missing" : "must be a list or a text") + suffix);
        }
        if (words.isEmpty() || words.get(0).isBlank()) {
            throw error(field, "must begin with a program" + suffix);
        }
        return words;
    }

    /** Returns an integer; null if the field is absent. */
    @Nullable
    Integer integer(String field, int min, int max) throws SuiteFileException {
        String text = text(field);
        if (text == null) {
            return null;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw error(field, "must be an integer from " + min + " to " + max + ", but is '" + text + "'");
        }
        throw error(field, "must be " + min + " to " + max + ", but is " + text);
    }

    /** Returns a positive number; null if the field is absent. */
    @Nullable
    BigDecimal positive(String field) throws SuiteFileException {
        String text = text(field);
        if (text == null) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(text);
            if (number.signum() > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw error(field, "must be a number, but is '" + text + "'");
        }
        throw error(field, "must be more than 0, but is " + text);
    }

    /** Returns a boolean; false if the field is absent. */
    boolean flag(String field) throws SuiteFileException {
        String text = text(field);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw error(field, "must be true or false, but is '" + text + "'");
        }
        return "true".equals(text);
    }

    /** Returns the mappings of a list; empty if the field is absent. */
    List<YamlMapping> mappings(String field) throws SuiteFileException {
        Node value = find(field);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof SequenceNode sequence)) {
            throw error(value, path(field), "must be a list");
        }
        List<YamlMapping> mappings = new ArrayList<>();
        for (Node element : sequence.getValue()) {
            mappings.add(new YamlMapping(file, path(field) + "[" + mappings.size() + "]", element));
        }
        return mappings;
    }

    boolean isMapping(String field) {
        return find(field) instanceof MappingNode;
    }

    boolean isText(String field) {
        return find(field) instanceof ScalarNode;
    }

    /** Returns a mapping; null if the field is absent. */
    @Nullable
    YamlMapping mapping(String field) throws SuiteFileException {
        Node value = find(field);
        return value == null ? null : new YamlMapping(file, path(field), value);
    }

    /** Returns all fields as texts, numbers and booleans. */
    Map<String, Object> scalars() throws SuiteFileException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, Node> field : fields.entrySet()) {
            String text = Objects.requireNonNull(text(field.getKey()));
            Tag tag = field.getValue().getTag();
            if (tag.equals(Tag.BOOL) && (text.equals("true") || text.equals("false"))) {
                values.put(field.getKey(), Boolean.valueOf(text));
            } else if (tag.equals(Tag.INT) && text.matches("-?(0|[1-9][0-9]{0,17})")) {
                values.put(field.getKey(), Long.valueOf(text));
            } else {
                values.put(field.getKey(), text);
            }
        }
        return values;
    }

    /** Throws if the mapping has a field that no method was called for. */
    void requireNoOtherFields() throws SuiteFileException {
        for (Map.Entry<String, Node> field : fields.entrySet()) {
            if (!known.contains(field.getKey())) {
                throw error(
                        field.getValue(),
                        path(field.getKey()),
                        "is not a field" + Suggestion.suffixFor(field.getKey(), known) + "; expected "
                                + String.join(", ", known));
            }
        }
    }

    /** Returns an error about a field of this mapping. */
    SuiteFileException error(String field, String problem) {
        return error(fields.getOrDefault(field, node), path(field), problem);
    }

    private SuiteFileException error(Node place, String field, String problem) {
        return new SuiteFileException(file + ":" + (place.getStartMark().getLine() + 1) + ": " + field + " " + problem);
    }

    private @Nullable Node find(String field) {
        known.add(field);
        return fields.get(field);
    }

    private String path(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}
