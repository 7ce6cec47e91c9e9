package dev.steptrail.stepformat;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON values as plain Java, each in one form: null, Boolean, String; a whole number as the smallest of Integer, Long and
 * BigInteger, any other as BigDecimal; arrays as List, objects as Map in their order. All unmodifiable.
 *
 * <p>Callers hand in what they have. What JSON has no form for becomes text (an enum, a path, NaN), so that a recorder
 * never has to refuse it.
 */
public final class JsonValues {
    /** Deeper than this, the rest is cut: a structure that contains itself ends too. */
    static final int MAX_DEPTH = 200;

    /** Readers of JSON refuse numbers of more than 1,000 digits; 3,000 bits are 904. */
    private static final int MAX_BITS = 3000;

    static final String TOO_DEEP = "… nested too deep";

    private JsonValues() {}

    /** A deep copy of an object. */
    public static Map<String, Object> copyOf(Map<?, ?> map) {
        return object(map, 1);
    }

    private static Map<String, Object> object(Map<?, ?> map, int depth) {
        if (map.isEmpty()) {
            return Map.of();
        }
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(map.size() * 2);
        map.forEach((key, value) -> copy.put(String.valueOf(key), value(value, depth)));
        return Collections.unmodifiableMap(copy);
    }

    private static @Nullable Object value(@Nullable Object value, int depth) {
        if (value == null || value instanceof String || value instanceof Boolean || value instanceof Integer) {
            return value;
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (!(value instanceof Map
                || value instanceof Iterable
                || value.getClass().isArray())) {
            return String.valueOf(value);
        }
        if (depth >= MAX_DEPTH) {
            return TOO_DEEP;
        }
        if (value instanceof Map<?, ?> map) {
            return object(map, depth + 1);
        }
        List<@Nullable Object> copy = new ArrayList<>();
        if (value instanceof Iterable<?> elements) {
            elements.forEach(element -> copy.add(value(element, depth + 1)));
        } else {
            for (int i = 0; i < Array.getLength(value); i++) {
                copy.add(value(Array.get(value, i), depth + 1));
            }
        }
        return Collections.unmodifiableList(copy);
    }

    private static Object number(Number number) {
        if (number instanceof Long || number instanceof Short || number instanceof Byte) {
            return whole(BigInteger.valueOf(number.longValue()));
        }
        if (number instanceof BigInteger big) {
            return whole(big);
        }
        try {
            BigDecimal decimal = number instanceof BigDecimal given ? given : new BigDecimal(number.toString());
            if (decimal.unscaledValue().bitLength() > MAX_BITS) {
                return decimal.toString();
            }
            return decimal.scale() == 0 ? whole(decimal.unscaledValue()) : decimal;
        } catch (NumberFormatException notFinite) {
            return number.toString();
        }
    }

    private static Object whole(BigInteger value) {
        if (value.bitLength() > MAX_BITS) {
            return value.toString();
        }
        if (value.bitLength() < Integer.SIZE) {
            return value.intValue();
        }
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }
}
