package dev.steptrail.api;

import dev.steptrail.report.Language;
import dev.steptrail.stepformat.TaskId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The query parameters of a request: only those that the route takes, each checked when it is read. */
final class Query {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 1000;

    private final Map<String, String> parameters;

    private Query(Map<String, String> parameters) {
        this.parameters = parameters;
    }

    /** @throws Problem if there is a parameter that the route does not take */
    static Query of(@Nullable Map<String, String> given, Set<String> taken) {
        Map<String, String> parameters = given == null ? Map.of() : new TreeMap<>(given);
        for (String name : parameters.keySet()) {
            if (!taken.contains(name)) {
                throw Problem.badRequest(named(name) + ": is no parameter of this; it takes "
                        + (taken.isEmpty()
                                ? "none."
                                : String.join(", ", taken.stream().sorted().toList()) + "."));
            }
        }
        return new Query(parameters);
    }

    /** A name that a caller made up, as far as an answer need repeat it. */
    private static String named(String name) {
        return name.matches("[A-Za-z0-9_.-]{1,40}") ? name : "A query parameter";
    }

    /** How many items a page may have. */
    int limit() {
        String text = parameters.get("limit");
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        if (text.matches("[1-9][0-9]{0,3}") && Integer.parseInt(text) <= MAX_LIMIT) {
            return Integer.parseInt(text);
        }
        throw Problem.badRequest("limit: must be a whole number from 1 to " + MAX_LIMIT + ".");
    }

    /** One of these words, the first where the parameter is not given. */
    String oneOf(String name, List<String> words) {
        String word = optionalOneOf(name, words);
        return word == null ? words.get(0) : word;
    }

    /** One of these words, or null. */
    @Nullable
    String optionalOneOf(String name, List<String> words) {
        String word = parameters.get(name);
        if (word != null && !words.contains(word)) {
            throw Problem.badRequest(name + ": must be one of " + String.join(", ", words) + ".");
        }
        return word;
    }

    /** In which what people read is written. */
    Language language() {
        return oneOf("lang", List.of("en", "zh")).equals("zh") ? Language.ZH : Language.EN;
    }

    /** A name of an owner or a sender, or null. */
    @Nullable
    String name(String parameter) {
        String name = parameters.get(parameter);
        return name == null ? null : Name.checked(parameter, name);
    }

    /** A task's id, or null. */
    @Nullable
    UUID taskId(String parameter) {
        String id = parameters.get(parameter);
        return id == null
                ? null
                : TaskId.parse(id).orElseThrow(() -> Problem.badRequest(parameter + ": must be a UUID in lower case."));
    }

    /** Where the page begins, or null for the first. */
    <T> @Nullable T after(String list, Function<List<String>, T> key) {
        String cursor = parameters.get("cursor");
        return cursor == null ? null : Cursor.decode(list, cursor, key);
    }
}
