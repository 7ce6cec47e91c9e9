package dev.steptrail.api;

import dev.steptrail.report.Language;
import dev.steptrail.stepformat.TaskId;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The query parameters of a request: only those that the route takes, each checked when it is read. */
final class Query {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 1000;

    /** The years that a record may have; Postgres would refuse some that Instant takes. */
    private static final Instant EARLIEST = start(1);

    private static final Instant LATEST = start(10_000).minus(1, ChronoUnit.MICROS);

    private final Map<String, String> parameters;

    private static Instant start(int year) {
        return LocalDate.of(year, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private Query(Map<String, String> parameters) {
        this.parameters = parameters;
    }

    /** @throws Problem if there is a parameter that the route does not take, one that came twice, or one that is no text */
    static Query of(GatewayRequest event, Set<String> taken) {
        Map<String, String> parameters = new TreeMap<>(event.query());
        RawQuery.check(event.rawQueryString());
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

    /** Those names, and more. */
    static Set<String> names(Set<String> names, String... more) {
        return Stream.concat(names.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
    }

    /** A name that a caller made up, as far as an answer need repeat it. */
    static String named(String name) {
        return name.matches("[A-Za-z0-9_.-]{1,40}") ? name : "A query parameter";
    }

    /** How many items a page may have. */
    int limit() {
        Integer limit = number("limit", MAX_LIMIT);
        return limit == null ? DEFAULT_LIMIT : limit;
    }

    private @Nullable Integer number(String name, int most) {
        String text = parameters.get(name);
        if (text != null && !(text.matches("[1-9][0-9]{0,9}") && Long.parseLong(text) <= most)) {
            throw Problem.badRequest(name + ": must be a whole number from 1 to " + most + ".");
        }
        return text == null ? null : Integer.valueOf(text);
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

    /** Text that is searched for, or null. */
    @Nullable
    String text(String name, int mostCharacters) {
        String text = parameters.get(name);
        if (text != null
                && (!text.matches("[^\\p{Cc}\\p{Cs}]+") || text.codePointCount(0, text.length()) > mostCharacters)) {
            throw Problem.badRequest(
                    name + ": must be 1 to " + mostCharacters + " characters, no control characters among them.");
        }
        return text;
    }

    /**
     * A word of this form, or null.
     *
     * @param what it must be, as a caller is told
     */
    @Nullable
    String matching(String name, String form, String what) {
        String word = parameters.get(name);
        if (word != null && !word.matches(form)) {
            throw Problem.badRequest(name + ": must be " + what + ".");
        }
        return word;
    }

    /** A number that a step may have, or null. */
    @Nullable
    Integer stepNumber(String name) {
        return number(name, Integer.MAX_VALUE);
    }

    /** A time, or null. */
    @Nullable
    Instant time(String name) {
        String text = parameters.get(name);
        if (text == null) {
            return null;
        }
        try {
            // A plus sign that nobody encoded comes as a space.
            return storable(OffsetDateTime.parse(text.replace(' ', '+')).toInstant());
        } catch (DateTimeException | IllegalArgumentException none) {
            throw Problem.badRequest(name + ": must be a time like 2026-03-01T10:00:00Z, of the years 1 to 9999.");
        }
    }

    /** A day, or the one that counts where none is given. */
    LocalDate day(String name, LocalDate usual) {
        String what = "a day like 2026-03-01";
        String text = matching(name, "(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}", what);
        try {
            return text == null ? usual : LocalDate.parse(text);
        } catch (DateTimeException none) {
            throw Problem.badRequest(name + ": must be " + what + ".");
        }
    }

    /** @throws IllegalArgumentException if Postgres would not take it */
    private static Instant storable(Instant time) {
        if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
            throw new IllegalArgumentException("out of range");
        }
        return time;
    }

    /**
     * A time that may be that of a row.
     *
     * @throws RuntimeException if it is none
     */
    static Instant stored(String text) {
        Instant time = storable(Instant.parse(text));
        if (!time.truncatedTo(ChronoUnit.MICROS).equals(time)) {
            throw new IllegalArgumentException("finer than a row's");
        }
        return time;
    }

    /** In which what people read is written. */
    Language language() {
        return oneOf("lang", List.of("en", "zh")).equals("zh") ? Language.ZH : Language.EN;
    }

    /** Whether the caller follows to another URL, or wants to be told it. */
    boolean redirects() {
        return oneOf("redirect", List.of("true", "false")).equals("true");
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
    <K> @Nullable K after(Cursors<K> cursors) {
        String cursor = parameters.get("cursor");
        return cursor == null ? null : cursors.key(cursor);
    }
}
