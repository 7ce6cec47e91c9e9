package dev.steptrail.stepformat;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Converts Java objects to normalized, unmodifiable JSON values: null, Boolean, String; a whole number as the smallest
 * of Integer, Long and BigInteger, any other number as BigDecimal; arrays as List, objects as {@link JsonObject}.
 *
 * <p>Conversion never fails: values without a JSON form (an enum, a path, NaN) become strings, and structures that are
 * too deep or too large, including cyclic ones, are truncated.
 */
public final class JsonValues {
    /** Deeper levels are truncated. Lower than {@link ValueReader#MAX_DEPTH}, which also counts the record's levels. */
    static final int MAX_DEPTH = 190;

    /** Further values are omitted. Without a limit, nested lists with shared elements could grow exponentially. */
    static final int MAX_VALUES = 100_000;

    static final String TRUNCATED = "… truncated: nested too deeply or too many values";

    /** The maximum digits of a number in decimal notation. A double has at most 341; PostgreSQL would store 131,072. */
    static final int MAX_DIGITS = 400;

    /** The maximum length of a field name. Lower than the limits of JSON parsers; Jackson's default is 50,000. */
    static final int MAX_NAME_LENGTH = 10_000;

    private static final int MAX_BITS = 1328; // about MAX_DIGITS decimal digits

    /** Any integer of this length, with or without a sign, fits into a long. */
    static final int MAX_LONG_DIGITS = 18;

    private int remainingValues = MAX_VALUES;

    private JsonValues() {}

    /** Returns a deep copy of a map as a normalized JSON object. */
    public static Map<String, Object> copyOf(Map<?, ?> map) {
        if (map instanceof JsonObject object) {
            return object;
        }
        return map.isEmpty() ? JsonObject.EMPTY : new JsonValues().copyObject(map, 1);
    }

    /** Returns a deep copy of a value as a normalized JSON value. */
    public static @Nullable Object copyOfValue(@Nullable Object value) {
        return value instanceof JsonObject ? value : new JsonValues().copyValue(value, 1);
    }

    /**
     * Parses a number. Returns {@code text} itself if it is not a number (NaN), or if it has more than about
     * {@value #MAX_DIGITS} significant digits, or digits before or after the decimal point in decimal notation.
     */
    static Object parseNumber(String text) {
        if (text.length() > 2 * MAX_DIGITS + 10) {
            return text;
        }
        try {
            return normalize(new BigDecimal(text));
        } catch (NumberFormatException notFiniteOrTooLarge) {
            return text;
        }
    }

    private static Object normalize(BigDecimal number) {
        if (number.unscaledValue().bitLength() > MAX_BITS
                || number.scale() > MAX_DIGITS
                || number.precision() - (long) number.scale() > MAX_DIGITS) {
            return number.toString();
        }
        if (number.scale() > 0) {
            return number;
        }
        BigInteger integer = number.toBigIntegerExact();
        return integer.bitLength() < Long.SIZE ? toInteger(integer.longValue()) : integer;
    }

    /** Returns an Integer if {@code number} fits, otherwise a Long. */
    static Object toInteger(long number) {
        if (number == (int) number) {
            return (int) number;
        }
        return number;
    }

    private JsonObject copyObject(Map<?, ?> map, int depth) {
        JsonObject.Builder copy = new JsonObject.Builder();
        for (Map.Entry<?, ?> field : map.entrySet()) {
            boolean fits = remainingValues-- > 0;
            copy.put(truncateName(field.getKey()), fits ? copyValue(field.getValue(), depth) : TRUNCATED);
            if (!fits) {
                break;
            }
        }
        return copy.build();
    }

    /** Truncates a name that decoders would reject as too long. If truncated names are equal, the last value wins. */
    private static String truncateName(@Nullable Object key) {
        return TextTruncator.truncate(String.valueOf(key), MAX_NAME_LENGTH);
    }

    private List<@Nullable Object> copyList(Collection<?> elements, int depth) {
        List<@Nullable Object> copy = new ArrayList<>();
        for (Object element : elements) {
            boolean fits = remainingValues-- > 0;
            copy.add(fits ? copyValue(element, depth) : TRUNCATED);
            if (!fits) {
                break;
            }
        }
        return unmodifiableList(copy.toArray());
    }

    /** Returns a compact unmodifiable list, because hostile JSON may contain millions of lists of one element. */
    static List<@Nullable Object> unmodifiableList(@Nullable Object[] elements) {
        return switch (elements.length) {
            case 0 -> List.of();
            case 1 -> Collections.singletonList(elements[0]);
            default -> Collections.unmodifiableList(Arrays.asList(elements));
        };
    }

    private @Nullable Object copyValue(@Nullable Object value, int depth) {
        if (value == null || value instanceof String || value instanceof Boolean || value instanceof Integer) {
            return value;
        }
        if (value instanceof Number number) {
            return normalizeNumber(number);
        }
        boolean isCollection = value instanceof Collection;
        boolean isMap = !isCollection && value instanceof Map;
        boolean isArray = !isCollection && !isMap && value.getClass().isArray();
        if (!(isCollection || isMap || isArray)) {
            return String.valueOf(value);
        }
        if (depth >= MAX_DEPTH) {
            return TRUNCATED;
        }
        if (isMap) {
            return copyObject((Map<?, ?>) value, depth + 1);
        }
        return copyList(isArray ? listElements(value) : (Collection<?>) value, depth + 1);
    }

    private static Object normalizeNumber(Number value) {
        if (value instanceof BigDecimal number) {
            return normalize(number);
        }
        return value instanceof BigInteger number ? normalize(new BigDecimal(number)) : parseNumber(value.toString());
    }

    /** Returns the elements of an array that are not omitted in any case. */
    private static List<@Nullable Object> listElements(Object array) {
        return IntStream.range(0, Math.min(Array.getLength(array), MAX_VALUES + 1))
                .mapToObj(i -> Array.get(array, i))
                .toList();
    }
}
