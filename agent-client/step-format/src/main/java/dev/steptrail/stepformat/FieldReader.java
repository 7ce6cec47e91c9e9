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
 * Reads and validates the fields of one JSON object. {@link #remaining} returns the fields that have not been read. A
 * null field is treated as absent. Error messages contain the path of the field, such as {@code frames[0].role}, and
 * never its value.
 */
final class FieldReader {
    private static final String TIME_RULE =
            "must be an ISO 8601 time with a UTC offset, such as 2025-12-14T21:41:58.018Z, in the years 1 to 9999";

    private static final String UUID_RULE =
            "must be a UUID in lower case, such as 0190163d-8694-739b-aea5-966c26f8ad91";

    @FunctionalInterface
    interface Converter<T> {
        T read(FieldReader fields) throws InvalidRecordException;
    }

    private final JsonObject fields;
    private final String path;

    private final boolean[] isRead;

    /** The index after the last read field. Lookups start here, as most records have their fields in this order. */
    private int next;

    private FieldReader(JsonObject fields, String path) {
        this.fields = fields;
        this.path = path;
        isRead = new boolean[fields.size()];
    }

    /**
     * Converts an object.
     *
     * @param path the path of the object with a trailing dot; empty for the record itself
     * @throws InvalidRecordException if a field is invalid, or if {@code converter} throws an
     *     {@link IllegalArgumentException}, as the constructors of records do
     */
    static <T> T read(JsonObject object, String path, Converter<T> converter) throws InvalidRecordException {
        try {
            return converter.read(new FieldReader(object, path));
        } catch (IllegalArgumentException e) {
            throw new InvalidRecordException(path + e.getMessage());
        }
    }

    private @Nullable Object take(String name) {
        int index = fields.indexOf(name, next);
        if (index < 0) {
            return null;
        }
        isRead[index] = true;
        next = index + 1;
        return fields.value(index);
    }

    /** Returns whether the field is present. Does not mark it as read. */
    boolean has(String name) {
        return fields.get(name) != null;
    }

    <T> T readNested(String name, Converter<T> converter) throws InvalidRecordException {
        return read(readObjectOrEmpty(name), path + name + ".", converter);
    }

    void requireVersion() throws InvalidRecordException {
        Long version = toLong(require("v", take("v")));
        if (version == null || version != StepRecord.VERSION) {
            throw error("v", "must be " + StepRecord.VERSION + ", the only supported version");
        }
    }

    @Nullable
    String readText(String name) throws InvalidRecordException {
        return read(name, String.class, "must be a string");
    }

    String readRequiredText(String name) throws InvalidRecordException {
        return require(name, readText(name));
    }

    /** Returns {@code value}. Throws if it is null, because the field is then absent. */
    <T> T require(String name, @Nullable T value) throws InvalidRecordException {
        if (value == null) {
            throw new InvalidRecordException(path + name + ": is missing");
        }
        return value;
    }

    @Nullable
    Boolean readFlag(String name) throws InvalidRecordException {
        return read(name, Boolean.class, "must be true or false");
    }

    boolean readFlagOrFalse(String name) throws InvalidRecordException {
        return Boolean.TRUE.equals(readFlag(name));
    }

    @Nullable
    Integer readInteger(String name, int min) throws InvalidRecordException {
        Long number = readNumber(name, min, Integer.MAX_VALUE);
        return number == null ? null : number.intValue();
    }

    long readRequiredNumber(String name, long min, long max) throws InvalidRecordException {
        return require(name, readNumber(name, min, max));
    }

    @Nullable
    Duration readDuration(String name) throws InvalidRecordException {
        Long millis = readNumber(name, 0, Step.MAX_DURATION.toMillis());
        return millis == null ? null : Duration.ofMillis(millis);
    }

    @Nullable
    UUID readUuid(String name) throws InvalidRecordException {
        return parse(name, TaskId::parse, UUID_RULE);
    }

    @Nullable
    Instant readTime(String name) throws InvalidRecordException {
        return parse(name, Fields::parseTime, TIME_RULE);
    }

    private <T> @Nullable T parse(String name, Function<String, Optional<T>> parser, String rule)
            throws InvalidRecordException {
        String text = readText(name);
        if (text == null) {
            return null;
        }
        return parser.apply(text).orElseThrow(() -> error(name, rule));
    }

    <T> @Nullable T readOneOf(String name, List<T> values, Function<T, String> wireName) throws InvalidRecordException {
        String text = readText(name);
        if (text == null) {
            return null;
        }
        for (T value : values) {
            if (wireName.apply(value).equals(text)) {
                return value;
            }
        }
        throw error(name, "must be one of " + values.stream().map(wireName).collect(Collectors.joining(", ")));
    }

    /** Returns any JSON value; null if the field is absent. */
    @Nullable
    Object readValue(String name) {
        return take(name);
    }

    @Nullable
    JsonObject readObject(String name) throws InvalidRecordException {
        return read(name, JsonObject.class, "must be an object");
    }

    private <T> @Nullable T read(String name, Class<T> type, String rule) throws InvalidRecordException {
        Object value = take(name);
        if (value != null && !type.isInstance(value)) {
            throw error(name, rule);
        }
        return type.cast(value);
    }

    JsonObject readObjectOrEmpty(String name) throws InvalidRecordException {
        JsonObject object = readObject(name);
        return object == null ? JsonObject.EMPTY : object;
    }

    /** Reads an object of counts. The sender chooses their names, so error messages do not contain them. */
    Map<String, Long> readCounts(String name) throws InvalidRecordException {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Map.Entry<String, @Nullable Object> count : readObjectOrEmpty(name).entrySet()) {
            Long number = toLong(count.getValue());
            if (number == null || number < 1 || number > Integer.MAX_VALUE) {
                throw error(name, "each count " + Fields.rangeRule(1, Integer.MAX_VALUE));
            }
            counts.put(count.getKey(), number);
        }
        return counts;
    }

    <T> List<T> readList(String name, Converter<T> converter) throws InvalidRecordException {
        List<?> elements = read(name, List.class, "must be an array");
        if (elements == null) {
            return List.of();
        }
        List<T> converted = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            String elementName = name + "[" + i + "]";
            if (!(elements.get(i) instanceof JsonObject object)) {
                throw error(elementName, "must be an object");
            }
            converted.add(read(object, path + elementName + ".", converter));
        }
        return converted;
    }

    /** Returns the fields that have not been read. */
    JsonObject remaining() {
        JsonObject.Builder remaining = new JsonObject.Builder();
        for (int i = 0; i < isRead.length; i++) {
            if (!isRead[i]) {
                remaining.put(fields.name(i), fields.value(i));
            }
        }
        return remaining.build();
    }

    InvalidRecordException error(String name, String rule) {
        return new InvalidRecordException(path + name + ": " + rule);
    }

    private @Nullable Long readNumber(String name, long min, long max) throws InvalidRecordException {
        Object value = take(name);
        if (value == null) {
            return null;
        }
        Long number = toLong(value);
        if (number == null || number < min || number > max) {
            throw error(name, Fields.rangeRule(min, max));
        }
        return number;
    }

    /** Converts a whole number, such as 2 or 2.0. Returns null if {@code value} is not a whole number of 64 bits. */
    private static @Nullable Long toLong(@Nullable Object value) {
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
