package dev.steptrail.stepformat;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON values as plain Java, each in one form: null, Boolean, String; a number without decimals as the smallest of
 * Integer, Long and BigInteger, any other as BigDecimal; arrays as List, objects as {@link JsonObject} in their order. All
 * unmodifiable.
 *
 * <p>Callers hand in what they have. What JSON has no form for becomes text (an enum, a path, NaN), and what goes on for
 * ever is cut, so that a recorder never has to refuse it.
 */
public final class JsonValues {
    /** Deeper than this, the rest is cut. Readers take {@value ValueReader#MAX_DEPTH} levels, the record's own among them. */
    static final int MAX_DEPTH = 190;

    /** After so many values the rest is cut: lists that hold each other twice would double at each level. */
    static final int MAX_VALUES = 100_000;

    static final String CUT = "… cut: nested too deep or too many values";

    /** A double has up to 341. Written out by Postgres, 1e131071 would have as many digits as its exponent says. */
    static final int MAX_DIGITS = 400;

    /** Readers of JSON have limits too: Jackson's default is 50,000. */
    static final int MAX_NAME_LENGTH = 10_000;

    private static final int MAX_BITS = 1328;

    /** So many characters surely fit into 64 bits, a sign among them or not. */
    static final int MAX_DIGITS_OF_LONG = 18;

    /** How many values may still be copied. */
    private int left = MAX_VALUES;

    private JsonValues() {}

    /** A deep copy of an object. */
    public static Map<String, Object> copyOf(Map<?, ?> map) {
        if (map instanceof JsonObject object) {
            return object;
        }
        return map.isEmpty() ? JsonObject.EMPTY : new JsonValues().object(map, 1);
    }

    /**
     * The number that {@code text} writes, in its one form; the text itself where it takes more than 400 digits before or
     * after the point to write the number out, or is none (NaN).
     */
    static Object number(String text) {
        if (isLong(text)) {
            return whole(Long.parseLong(text));
        }
        if (text.length() > 2 * MAX_DIGITS + 10) {
            return text;
        }
        try {
            return number(new BigDecimal(text));
        } catch (NumberFormatException notFiniteOrVast) {
            return text;
        }
    }

    private static Object number(BigDecimal number) {
        if (number.unscaledValue().bitLength() > MAX_BITS
                || number.scale() > MAX_DIGITS
                || number.precision() - (long) number.scale() > MAX_DIGITS) {
            return number.toString();
        }
        if (number.scale() > 0) {
            return number;
        }
        BigInteger whole = number.toBigIntegerExact();
        return whole.bitLength() < Long.SIZE ? whole(whole.longValue()) : whole;
    }

    /** The number in its one form. */
    static Object whole(long number) {
        if (number == (int) number) {
            return (int) number;
        }
        return number;
    }

    /** Whether it surely is one: digits alone, as most numbers are, which need not go through BigDecimal. */
    private static boolean isLong(String text) {
        int first = text.startsWith("-") ? 1 : 0;
        if (text.length() == first || text.length() > MAX_DIGITS_OF_LONG) {
            return false;
        }
        for (int i = first; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private JsonObject object(Map<?, ?> map, int depth) {
        JsonObject.Builder copy = new JsonObject.Builder();
        for (Map.Entry<?, ?> field : map.entrySet()) {
            boolean fits = left-- > 0;
            copy.put(name(field.getKey()), fits ? value(field.getValue(), depth) : CUT);
            if (!fits) {
                break;
            }
        }
        return copy.build();
    }

    /** Truncates a name that readers would refuse. Of names that are the same then, the last value counts. */
    private static String name(@Nullable Object key) {
        String name = String.valueOf(key);
        if (name.length() <= MAX_NAME_LENGTH) {
            return name;
        }
        boolean isWhole = !Character.isHighSurrogate(name.charAt(MAX_NAME_LENGTH - 1));
        return name.substring(0, isWhole ? MAX_NAME_LENGTH : MAX_NAME_LENGTH - 1);
    }

    private List<@Nullable Object> list(Collection<?> elements, int depth) {
        List<@Nullable Object> copy = new ArrayList<>();
        for (Object element : elements) {
            boolean fits = left-- > 0;
            copy.add(fits ? value(element, depth) : CUT);
            if (!fits) {
                break;
            }
        }
        return unmodifiable(copy.toArray());
    }

    /** A list of {@code elements}, in as little memory as possible: hostile JSON has millions of lists of one. */
    static List<@Nullable Object> unmodifiable(@Nullable Object[] elements) {
        return switch (elements.length) {
            case 0 -> List.of();
            case 1 -> Collections.singletonList(elements[0]);
            default -> Collections.unmodifiableList(Arrays.asList(elements));
        };
    }

    private @Nullable Object value(@Nullable Object value, int depth) {
        if (value == null || value instanceof String || value instanceof Boolean || value instanceof Integer) {
            return value;
        }
        if (value instanceof Number number) {
            return anyNumber(number);
        }
        boolean list = value instanceof Collection;
        boolean map = !list && value instanceof Map;
        boolean array = !list && !map && value.getClass().isArray();
        if (!(list || map || array)) {
            return String.valueOf(value);
        }
        if (depth >= MAX_DEPTH) {
            return CUT;
        }
        if (map) {
            return object((Map<?, ?>) value, depth + 1);
        }
        return list(array ? elements(value) : (Collection<?>) value, depth + 1);
    }

    private static Object anyNumber(Number value) {
        if (value instanceof BigDecimal number) {
            return number(number);
        }
        return value instanceof BigInteger number ? number(new BigDecimal(number)) : number(value.toString());
    }

    private static List<@Nullable Object> elements(Object array) {
        return new AbstractList<>() {
            @Override
            public @Nullable Object get(int index) {
                return Array.get(array, index);
            }

            @Override
            public int size() {
                return Array.getLength(array);
            }
        };
    }
}
