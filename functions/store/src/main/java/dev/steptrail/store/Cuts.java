package dev.steptrail.store;

import dev.steptrail.stepformat.Payload;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a row so small that it can be read again: text ends after 256 KiB of UTF-8, names after 1 KiB, at the end of a
 * character, and JSON over 256 KiB is left out. Remembers what was cut, and how long it was. For one row.
 */
final class Cuts {
    /** The name under which a row tells what was cut of it. */
    static final String MARK = "cut_fields";

    /** The name under which it tells the S3 key of the whole record, where there is one. */
    static final String PAYLOAD = "payload_path";

    static final int MAX_BYTES = 256 * 1024;

    private static final int MAX_NAME_BYTES = 1024;

    private final Map<String, Integer> lengths = new LinkedHashMap<>();
    private final @Nullable Payload payload;

    /** @param payload where the whole record lies; null where a message carried it */
    Cuts(@Nullable Payload payload) {
        this.payload = payload;
    }

    @Nullable
    String text(String field, @Nullable String text) {
        return text == null ? null : cut(field, text, MAX_BYTES);
    }

    /** What names something, of which a row has many. */
    @Nullable
    String name(String field, @Nullable String name) {
        return name == null ? null : requiredName(field, name);
    }

    String requiredName(String field, String name) {
        return cut(field, name, MAX_NAME_BYTES);
    }

    private String cut(String field, String text, int most) {
        if (isShort(text, most)) {
            return text;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length <= most) {
            return text;
        }
        lengths.put(field, utf8.length);
        int end = most;
        while ((utf8[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(utf8, 0, end, StandardCharsets.UTF_8);
    }

    /** Null where it is too long. */
    @Nullable
    String json(String field, Object value) {
        String json = JsonText.of(value);
        if (isShort(json, MAX_BYTES)) {
            return json;
        }
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        if (length <= MAX_BYTES) {
            return json;
        }
        lengths.put(field, length);
        return null;
    }

    /** Empty where its JSON is too long. */
    Map<String, Object> object(String field, Map<String, Object> object) {
        return json(field, object) == null ? Map.of() : object;
    }

    /** That a list of so many was cut. */
    void count(String list, int whole) {
        lengths.put(list, whole);
    }

    /**
     * The fields of a row, and what was cut of it, if anything: each with its whole length, in bytes of UTF-8, or for a list in
     * elements. A sender's own word for where the whole lies is left out.
     */
    Map<String, Object> marked(Map<String, Object> fields) {
        if (lengths.isEmpty() && !fields.containsKey(PAYLOAD)) {
            return fields;
        }
        Map<String, Object> marked = new LinkedHashMap<>(fields);
        marked.remove(PAYLOAD);
        if (!lengths.isEmpty()) {
            marked.put(MARK, lengths);
            if (payload != null) {
                marked.put(PAYLOAD, payload.path());
            }
        }
        return marked;
    }

    /** However many bytes its characters take: three at most for each char. */
    static boolean isShort(String text) {
        return isShort(text, MAX_BYTES);
    }

    private static boolean isShort(String text, int most) {
        return text.length() <= most / 3;
    }
}
