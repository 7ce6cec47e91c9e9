package dev.steptrail.store;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a row so small that it can be read again: text ends after 256 KiB of UTF-8, at the end of a character, and JSON over
 * that is left out. Remembers what was cut, and how long it was. For one row.
 */
final class Cuts {
    /** The name under which a row tells {@link #lengths}. */
    static final String MARK = "cut_fields";

    static final int MAX_BYTES = 256 * 1024;

    private final Map<String, Integer> lengths = new LinkedHashMap<>();

    @Nullable
    String text(String field, @Nullable String text) {
        if (text == null || isShort(text)) {
            return text;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length <= MAX_BYTES) {
            return text;
        }
        lengths.put(field, utf8.length);
        int end = MAX_BYTES;
        while ((utf8[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(utf8, 0, end, StandardCharsets.UTF_8);
    }

    /** Null where it is too long. */
    @Nullable
    String json(String field, Object value) {
        String json = Rows.json(value);
        if (isShort(json)) {
            return json;
        }
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        if (length <= MAX_BYTES) {
            return json;
        }
        lengths.put(field, length);
        return null;
    }

    /** What was cut, each with its whole length in bytes of UTF-8. */
    Map<String, Integer> lengths() {
        return lengths;
    }

    /** However many bytes its characters take: three at most for each char. */
    private static boolean isShort(String text) {
        return text.length() <= MAX_BYTES / 3;
    }
}
