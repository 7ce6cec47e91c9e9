package dev.steptrail.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.report.Language;
import dev.steptrail.stepformat.TaskId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The query parameters of a request. {@link #of} rejects unknown names; each getter validates the value. */
final class Query {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 1000;

    /** Parameters that may be repeated. */
    private static final Set<String> REPEATABLE = Set.of("tag", "include");

    /** Ends the name of an allowed parameter that represents all names with the same start. */
    private static final String ANY = "*";

    /** A query without parameters. */
    static final Query NONE = new Query(new TreeMap<>());

    /** The values by name. Each parameter has at least one value, and a {@link #REPEATABLE} one may have several. */
    private final SortedMap<String, List<String>> parameters;

    private Query(SortedMap<String, List<String>> parameters) {
        this.parameters = parameters;
    }

    /**
     * @param allowed the names of the parameters; {@code metadata.*} allows all names that start with {@code metadata.}
     * @throws Problem if a parameter is unknown, repeated or not valid UTF-8
     */
    static Query of(GatewayRequest event, Set<String> allowed) {
        return of(RawQuery.parse(event.rawQueryString(), REPEATABLE), allowed, "query parameter");
    }

    /**
     * Returns the fields of a JSON object as parameters, which have the same names and rules. Values are strings; that
     * of a parameter that may be repeated can also be an array of strings.
     *
     * @throws Problem if a field is unknown, or its value is anything else or an empty array
     */
    static Query ofFields(JsonNode object, Set<String> allowed) {
        SortedMap<String, List<String>> parameters = new TreeMap<>();
        object.properties().forEach(field -> {
            boolean isArray =
                    REPEATABLE.contains(field.getKey()) && field.getValue().isArray();
            if (isArray && field.getValue().isEmpty()) {
                throw Problem.invalidValue(field.getKey(), "must have at least one value", field.getValue());
            }
            List<String> texts = new ArrayList<>();
            for (JsonNode value : isArray ? field.getValue() : List.of(field.getValue())) {
                if (!value.isTextual()) {
                    throw Problem.invalidValue(
                            displayName(field.getKey()),
                            "must be a string"
                                    + (REPEATABLE.contains(field.getKey()) ? ", or an array of strings" : ""),
                            value);
                }
                texts.add(value.textValue());
            }
            parameters.put(field.getKey(), texts);
        });
        return of(parameters, allowed, "field");
    }

    private static Query of(SortedMap<String, List<String>> parameters, Set<String> allowed, String kind) {
        for (String name : parameters.keySet()) {
            if (!isAllowed(name, allowed)) {
                throw Problem.badRequest(displayName(name) + ": unknown " + kind + "; allowed: "
                        + (allowed.isEmpty()
                                ? "none."
                                : String.join(", ", allowed.stream().sorted().toList()) + "."));
            }
        }
        return new Query(parameters);
    }

    private @Nullable String value(String name) {
        List<String> values = parameters.get(name);
        return values == null ? null : values.get(0);
    }

    private static boolean isAllowed(String name, Set<String> allowed) {
        return allowed.contains(name)
                || allowed.stream()
                        .anyMatch(pattern ->
                                pattern.endsWith(ANY) && name.startsWith(pattern.substring(0, pattern.length() - 1)));
    }

    static Set<String> union(Set<String> names, String... otherNames) {
        return Stream.concat(names.stream(), Stream.of(otherNames)).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns a parameter name for an error message, or a placeholder for a long or unusual one. */
    static String displayName(String name) {
        return name.matches("[A-Za-z0-9_.-]{1,40}") ? name : "query";
    }

    /** Returns the maximum number of items in a page. */
    int limit() {
        Integer limit = number("limit", MAX_LIMIT);
        return limit == null ? DEFAULT_LIMIT : limit;
    }

    private @Nullable Integer number(String name, int max) {
        String text = value(name);
        if (text != null && !(text.matches("[1-9][0-9]{0,9}") && Long.parseLong(text) <= max)) {
            throw Problem.invalidValue(name, "must be a whole number from 1 to " + max, text);
        }
        return text == null ? null : Integer.valueOf(text);
    }

    /** Returns a value that must be one of these words; the first word if the parameter is missing. */
    String oneOf(String name, List<String> words) {
        String word = optionalOneOf(name, words);
        return word == null ? words.get(0) : word;
    }

    /** Returns a value that must be one of these words, or null. */
    @Nullable
    String optionalOneOf(String name, List<String> words) {
        String word = value(name);
        if (word != null && !words.contains(word)) {
            throw Problem.invalidValue(name, "must be one of " + String.join(", ", words), word);
        }
        return word;
    }

    /** Returns a text to filter by, or null. */
    @Nullable
    String text(String name, int maxCharacters) {
        String text = value(name);
        return text == null ? null : requireText(name, text, maxCharacters);
    }

    private static String requireText(String name, String text, int maxCharacters) {
        if (!text.matches("[^\\p{Cc}\\p{Cs}]+") || text.codePointCount(0, text.length()) > maxCharacters) {
            throw Problem.invalidValue(
                    displayName(name),
                    "must be 1 to " + maxCharacters + " characters, without control characters",
                    text);
        }
        return text;
    }

    /** Returns the values of a parameter that may be repeated, each of which must be one of these words. */
    Set<String> wordsOf(String name, List<String> words) {
        List<String> values = parameters.getOrDefault(name, List.of());
        for (String value : values) {
            if (!words.contains(value)) {
                throw Problem.invalidValue(name, "must be one of " + String.join(", ", words), value);
            }
        }
        return Set.copyOf(values);
    }

    /** Returns the values of a parameter that may be repeated. */
    List<String> texts(String name, int maxCharacters, int maxValues) {
        List<String> texts = parameters.getOrDefault(name, List.of());
        if (texts.size() > maxValues) {
            throw Problem.badRequest(name + ": must be given at most " + maxValues + " times.");
        }
        return texts.stream()
                .map(text -> requireText(name, text, maxCharacters))
                .toList();
    }

    /** Returns the names of the parameters that start with {@code prefix}, sorted. */
    List<String> names(String prefix) {
        return parameters.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    /**
     * Returns a value that must match a pattern, or null.
     *
     * @param expected describes the expected value in the error message
     */
    @Nullable
    String matching(String name, String pattern, String expected) {
        String word = value(name);
        if (word != null && !word.matches(pattern)) {
            throw Problem.invalidValue(name, "must be " + expected, word);
        }
        return word;
    }

    /** Returns a step number, or null. */
    @Nullable
    Integer stepNumber(String name) {
        return number(name, Integer.MAX_VALUE);
    }

    /** Returns the position of a screenshot in its step, from 0, or null. */
    @Nullable
    Integer screenshotIndex(String name) {
        String index = matching(name, "[1-9]?[0-9]", "a whole number from 0 to 99");
        return index == null ? null : Integer.valueOf(index);
    }

    /** Returns a time, or null. */
    @Nullable
    Instant time(String name) {
        String text = value(name);
        return text == null ? null : TimeParser.parse(name, text);
    }

    /** Returns a day, or the default if the parameter is missing. */
    LocalDate day(String name, LocalDate defaultDay) {
        LocalDate day = optionalDay(name);
        return day == null ? defaultDay : day;
    }

    /** Returns a day, or null. */
    @Nullable
    LocalDate optionalDay(String name) {
        String text = value(name);
        return text == null ? null : TimeParser.parseDay(name, text);
    }

    /** Returns the language of the response's texts. */
    Language language() {
        return oneOf("lang", List.of("en", "zh")).equals("zh") ? Language.ZH : Language.EN;
    }

    /** Returns whether to redirect to a URL (the default) rather than to return it. */
    boolean redirects() {
        return oneOf("redirect", List.of("true", "false")).equals("true");
    }

    /** Returns whether a parameter is true. Default false. */
    boolean flag(String name) {
        return oneOf(name, List.of("false", "true")).equals("true");
    }

    /** Returns the name of an owner or a sender, or null. */
    @Nullable
    String name(String parameter) {
        String name = value(parameter);
        return name == null ? null : NameValidator.requireValid(parameter, name);
    }

    /** Returns a task id, or null. */
    @Nullable
    UUID taskId(String parameter) {
        String id = value(parameter);
        return id == null
                ? null
                : TaskId.parse(id)
                        .orElseThrow(() -> Problem.invalidValue(parameter, "must be a UUID in lower case", id));
    }

    /** Returns the key after which the page starts; null for the first page. */
    <K> @Nullable K startKey(CursorCodec<K> cursors) {
        String cursor = value("cursor");
        return cursor == null ? null : cursors.decode(cursor);
    }
}
