package dev.steptrail.stepformat;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes fields out of one JSON object, each checked; what nobody took is {@link #rest()}. A field that is null counts as
 * absent. Errors name the field by its path, such as {@code frames[0].role}, and never its value.
 */
final class FieldReader {
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** Reads one element of an array of objects. */
    interface Element<T> {
        T read(FieldReader fields) throws InvalidRecordException;
    }

    private final Map<String, @Nullable Object> fields;
    private final String path;
    private final long replaced;

    private FieldReader(Map<String, @Nullable Object> fields, String path, long replaced) {
        this.fields = fields;
        this.path = path;
        this.replaced = replaced;
    }

    static FieldReader ofRecord(Map<?, ?> parsed) throws InvalidRecordException {
        StorableValues storable = new StorableValues();
        Map<String, @Nullable Object> fields = storable.copyOf(parsed);
        return new FieldReader(fields, "", storable.replaced());
    }

    @Nullable
    String text(String name) throws InvalidRecordException {
        Object value = fields.remove(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw wrong(name, "must be a string");
    }

    String requiredText(String name) throws InvalidRecordException {
        String text = text(name);
        if (text == null) {
            throw missing(name);
        }
        return text;
    }

    @Nullable
    Boolean flag(String name) throws InvalidRecordException {
        Object value = fields.remove(name);
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
        Long number = number(name, least, most);
        if (number == null) {
            throw missing(name);
        }
        return number;
    }

    @Nullable
    Duration duration(String name) throws InvalidRecordException {
        Long millis = number(name, 0, Long.MAX_VALUE);
        return millis == null ? null : Duration.ofMillis(millis);
    }

    @Nullable
    UUID uuid(String name) throws InvalidRecordException {
        String text = text(name);
        if (text != null && !UUID_FORM.matcher(text).matches()) {
            throw wrong(name, "must be a UUID in lower case, like 0190163d-8694-739b-aea5-966c26f8ad91");
        }
        return text == null ? null : UUID.fromString(text);
    }

    @Nullable
    Instant time(String name) throws InvalidRecordException {
        String text = text(name);
        try {
            return text == null
                    ? null
                    : Fields.storable(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException | IllegalArgumentException e) {
            throw wrong(
                    name,
                    "must be an ISO 8601 time with its zone, like 2025-12-14T21:41:58.018Z, in the years 1 to 9999");
        }
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
    Map<String, Object> object(String name) throws InvalidRecordException {
        Object value = fields.remove(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Map<?, ?> object) {
            return JsonValues.copyOf(object);
        }
        throw wrong(name, "must be an object");
    }

    Map<String, Object> objectOrEmpty(String name) throws InvalidRecordException {
        Map<String, Object> object = object(name);
        return object == null ? Map.of() : object;
    }

    Map<String, Long> counts(String name) throws InvalidRecordException {
        Map<String, Object> object = objectOrEmpty(name);
        FieldReader reasons = new FieldReader(new LinkedHashMap<>(object), path + name + ".", 0);
        Map<String, Long> counts = new LinkedHashMap<>();
        for (String reason : object.keySet()) {
            counts.put(reason, reasons.requiredNumber(reason, 1, Integer.MAX_VALUE));
        }
        return counts;
    }

    <T> List<T> list(String name, Element<T> element) throws InvalidRecordException {
        Object value = fields.remove(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> items)) {
            throw wrong(name, "must be an array");
        }
        List<T> read = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            String at = name + "[" + i + "]";
            if (!(items.get(i) instanceof Map<?, ?> object)) {
                throw wrong(at, "must be an object");
            }
            read.add(element.read(new FieldReader(new LinkedHashMap<>(JsonValues.copyOf(object)), path + at + ".", 0)));
        }
        return read;
    }

    /** What nobody took, with the mark of replaced characters where there were some. */
    Map<String, Object> rest() {
        if (replaced > 0) {
            long before = fields.get(StorableText.MARK) instanceof Number marked ? marked.longValue() : 0;
            fields.put(StorableText.MARK, before + replaced);
        }
        return JsonValues.copyOf(fields);
    }

    InvalidRecordException missing(String name) {
        return new InvalidRecordException(path + name + ": is missing");
    }

    InvalidRecordException wrong(String name, String rule) {
        return new InvalidRecordException(path + name + ": " + rule);
    }

    private @Nullable Long number(String name, long least, long most) throws InvalidRecordException {
        Object value = fields.remove(name);
        if (value == null) {
            return null;
        }
        try {
            if (value instanceof Number number && !hugeScale(number)) {
                long whole = new BigDecimal(number.toString()).longValueExact();
                if (whole >= least && whole <= most) {
                    return whole;
                }
            }
        } catch (ArithmeticException notWhole) {
            throw wrong(name, rule(least, most));
        }
        throw wrong(name, rule(least, most));
    }

    /** 1e999999999 is a short text, but takes a gigabyte to write out. */
    private static boolean hugeScale(Number number) {
        return number instanceof BigDecimal decimal && Math.abs((long) decimal.scale()) > 1000;
    }

    private static String rule(long least, long most) {
        return most == Long.MAX_VALUE
                ? "must be a whole number of " + least + " or more"
                : "must be a whole number from " + least + " to " + most;
    }
}
