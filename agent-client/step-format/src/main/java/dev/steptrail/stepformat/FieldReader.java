package dev.steptrail.stepformat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads fields of one JSON object, each checked; those that have not been read are its {@link #rest}. A field that is null counts
 * as absent. Errors name the field by its path, such as {@code frames[0].role}, and never its value.
 */
final class FieldReader {
    private static final String TIME_RULE =
            "must be an ISO 8601 time with its zone, like 2025-12-14T21:41:58.018Z, in the years 1 to 9999";

    private static final String UUID_RULE = "must be a UUID in lower case, like 0190163d-8694-739b-aea5-966c26f8ad91";

    /** Makes something of an object's fields. */
    @FunctionalInterface
    interface Element<T> {
        T read(FieldReader fields) throws InvalidRecordException;
    }

    private final JsonObject fields;
    private final String path;

    /** Whether each of the fields has been read. */
    private final boolean[] isRead;

    /** The index of the field after the one that was read last: a writer keeps the order in which the fields are read here. */
    private int next;

    private FieldReader(JsonObject fields, String path) {
        this.fields = fields;
        this.path = path;
        isRead = new boolean[fields.size()];
    }

    /**
     * Reads an object with {@code element}.
     *
     * @param path of the object, with a full stop at its end; empty for the record itself
     * @throws InvalidRecordException if a field is wrong: {@code element} or the constructor that it calls refuses it
     */
    static <T> T read(JsonObject object, String path, Element<T> element) throws InvalidRecordException {
        try {
            return element.read(new FieldReader(object, path));
        } catch (IllegalArgumentException e) {
            throw new InvalidRecordException(path + e.getMessage());
        }
    }

    private @Nullable Object value(String name) {
        int index = fields.indexOf(name, next);
        if (index < 0) {
            return null;
        }
        isRead[index] = true;
        next = index + 1;
        return fields.value(index);
    }

    /** Whether there is such a field. It does not count as read. */
    boolean has(String name) {
        return fields.get(name) != null;
    }

    /** Reads the object in a field. */
    <T> T inner(String name, Element<T> element) throws InvalidRecordException {
        return read(objectOrEmpty(name), path + name + ".", element);
    }

    /** Refuses another version of the format than ours. */
    void version() throws InvalidRecordException {
        Long version = whole(required("v", value("v")));
        if (version == null || version != StepRecord.VERSION) {
            throw wrong("v", "must be " + StepRecord.VERSION + ", the version that this reader knows");
        }
    }

    @Nullable
    String text(String name) throws InvalidRecordException {
        Object value = value(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw wrong(name, "must be a string");
    }

    String requiredText(String name) throws InvalidRecordException {
        return required(name, text(name));
    }

    /** Returns the value of the field, which must not be absent. */
    <T> T required(String name, @Nullable T value) throws InvalidRecordException {
        if (value == null) {
            throw new InvalidRecordException(path + name + ": is missing");
        }
        return value;
    }

    @Nullable
    Boolean flag(String name) throws InvalidRecordException {
        Object value = value(name);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        throw wrong(name, "must be true or false");
    }

    boolean flagOrFalse(String name) throws InvalidRecordException {
        return Boolean.TRUE.equals(flag(name));
    }

    @Nullable
    Integer integer(String name, int least) throws InvalidRecordException {
        Long number = number(name, least, Integer.MAX_VALUE);
        return number == null ? null : number.intValue();
    }

    long requiredNumber(String name, long least, long most) throws InvalidRecordException {
        return required(name, number(name, least, most));
    }

    @Nullable
    Duration duration(String name) throws InvalidRecordException {
        Long millis = number(name, 0, Step.LONGEST.toMillis());
        return millis == null ? null : Duration.ofMillis(millis);
    }

    @Nullable
    UUID uuid(String name) throws InvalidRecordException {
        return parsed(name, TaskId::parse, UUID_RULE);
    }

    @Nullable
    Instant time(String name) throws InvalidRecordException {
        return parsed(name, Fields::time, TIME_RULE);
    }

    private <T> @Nullable T parsed(String name, Function<String, Optional<T>> form, String rule)
            throws InvalidRecordException {
        String text = text(name);
        if (text == null) {
            return null;
        }
        return form.apply(text).orElseThrow(() -> wrong(name, rule));
    }

    <T> @Nullable T oneOf(String name, List<T> values, Function<T, String> wireName) throws InvalidRecordException {
        String text = text(name);
        if (text == null) {
            return null;
        }
        for (T value : values) {
            if (wireName.apply(value).equals(text)) {
                return value;
            }
        }
        throw wrong(name, "must be one of " + values.stream().map(wireName).collect(Collectors.joining(", ")));
    }

    @Nullable
    JsonObject object(String name) throws InvalidRecordException {
        Object value = value(name);
        if (value == null || value instanceof JsonObject) {
            return (JsonObject) value;
        }
        throw wrong(name, "must be an object");
    }

    JsonObject objectOrEmpty(String name) throws InvalidRecordException {
        JsonObject object = object(name);
        return object == null ? JsonObject.EMPTY : object;
    }

    /** The names of the counts are the writer's own words, so errors do not contain them. */
    Map<String, Long> counts(String name) throws InvalidRecordException {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Map.Entry<String, @Nullable Object> count : objectOrEmpty(name).entrySet()) {
            Long whole = whole(count.getValue());
            if (whole == null || whole < 1 || whole > Integer.MAX_VALUE) {
                throw wrong(name, "each count " + Fields.range(1, Integer.MAX_VALUE));
            }
            counts.put(count.getKey(), whole);
        }
        return counts;
    }

    <T> List<T> list(String name, Element<T> element) throws InvalidRecordException {
        Object value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> items)) {
            throw wrong(name, "must be an array");
        }
        List<T> read = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            String at = name + "[" + i + "]";
            if (!(items.get(i) instanceof JsonObject object)) {
                throw wrong(at, "must be an object");
            }
            read.add(read(object, path + at + ".", element));
        }
        return read;
    }

    /** Returns the fields that have not been read yet, so this is called after all that are known. */
    JsonObject rest() {
        JsonObject.Builder rest = new JsonObject.Builder();
        for (int i = 0; i < isRead.length; i++) {
            if (!isRead[i]) {
                rest.put(fields.name(i), fields.value(i));
            }
        }
        return rest.build();
    }

    InvalidRecordException wrong(String name, String rule) {
        return new InvalidRecordException(path + name + ": " + rule);
    }

    private @Nullable Long number(String name, long least, long most) throws InvalidRecordException {
        Object value = value(name);
        if (value == null) {
            return null;
        }
        Long whole = whole(value);
        if (whole == null || whole < least || whole > most) {
            throw wrong(name, Fields.range(least, most));
        }
        return whole;
    }

    /** The whole number that {@code value} is, 2.0 among them; null where it is none or has more than 64 bits. */
    private static @Nullable Long whole(@Nullable Object value) {
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        try {
            return value instanceof BigDecimal decimal ? (Long) decimal.longValueExact() : null;
        } catch (ArithmeticException notWhole) {
            return null;
        }
    }
}
