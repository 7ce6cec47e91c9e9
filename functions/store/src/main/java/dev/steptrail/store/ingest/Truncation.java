package dev.steptrail.store.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.store.model.JsonText;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Truncates the values of one row so that the row fits into an API response. Texts are truncated to 256 KiB of UTF-8
 * and names to 1 KiB; control characters, which JSON escapes, count as three bytes. JSON over 256 KiB is omitted.
 * Records the names and full lengths of truncated values, and a hash, because rows may differ only in truncated values.
 */
final class Truncation {
    /** The field that contains the names and full lengths of truncated values. */
    static final String FIELDS = "truncated_fields";

    /** The field with the SHA-256 of the full values that were truncated. */
    static final String HASH = "truncated_sha256";

    /** The field with the S3 key of the complete record, if the record was stored in the bucket. */
    static final String PAYLOAD = "payload_path";

    static final int MAX_BYTES = 256 * 1024;

    private static final int MAX_NAME_BYTES = 1024;

    private static final ObjectMapper SORTED = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private final Map<String, Integer> lengths = new LinkedHashMap<>();
    private final List<String> hashes = new ArrayList<>();
    private final @Nullable Payload payload;

    /** @param payload the object that contains the complete record; null if the record was sent in a message */
    Truncation(@Nullable Payload payload) {
        this.payload = payload;
    }

    @Nullable
    String text(String field, @Nullable String text) {
        return text == null ? null : truncate(field, text, MAX_BYTES);
    }

    /** Truncates a name. Names have a lower limit than texts, because a row has many. */
    @Nullable
    String name(String field, @Nullable String name) {
        return name == null ? null : requiredName(field, name);
    }

    String requiredName(String field, String name) {
        return truncate(field, name, MAX_NAME_BYTES);
    }

    String nameOfScreenshot(int screenshotIndex, String field, String name) {
        return isShort(name, MAX_NAME_BYTES)
                ? name
                : requiredName("screenshots[" + screenshotIndex + "]." + field, name);
    }

    private String truncate(String field, String text, int max) {
        if (isShort(text, max)) {
            return text;
        }
        int end = end(text, max);
        if (end == text.length()) {
            return text;
        }
        byte[] full = text.getBytes(StandardCharsets.UTF_8);
        recordTruncation(field, full.length, full);
        return text.substring(0, end);
    }

    /** Returns the number of chars to keep: whole characters, at most {@code max} bytes, and twice that in JSON. */
    private static int end(String text, int max) {
        int bytes = 0;
        int escaped = 0;
        int end = 0;
        while (end < text.length()) {
            int character = text.codePointAt(end);
            int length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
            bytes += length;
            escaped += escapedLength(character, length);
            if (bytes > max || escaped > 2 * max) {
                break;
            }
            end += Character.charCount(character);
        }
        return end;
    }

    private static int escapedLength(int character, int length) {
        if (character == '"' || character == '\\') {
            return 2;
        }
        return character < ' ' ? 6 : length;
    }

    /** Returns the value as JSON; null if it is too long. */
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
        recordTruncation(field, length, sorted(value));
        return null;
    }

    /** Returns the object; empty if its JSON is too long. */
    Map<String, Object> object(String field, Map<String, Object> object) {
        return json(field, object) == null ? Map.of() : object;
    }

    /** Records that a list was truncated. */
    void list(String field, List<?> full) {
        recordTruncation(field, full.size(), full.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void recordTruncation(String field, int length, byte[] full) {
        lengths.put(field, length);
        hashes.add(Sha256.hex(full));
    }

    /** Sorts the keys, because their order has no meaning. */
    private static byte[] sorted(Object json) {
        try {
            return SORTED.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("parsed JSON could not be serialised", e);
        }
    }

    /** Adds the fields about truncation to the fields of a row. Removes fields of the sender with the same names. */
    Map<String, Object> withTruncationFields(Map<String, Object> fields) {
        if (lengths.isEmpty() && !fields.containsKey(PAYLOAD) && !fields.containsKey(HASH)) {
            return fields;
        }
        Map<String, Object> result = new LinkedHashMap<>(fields);
        result.remove(PAYLOAD);
        result.remove(HASH);
        if (!lengths.isEmpty()) {
            result.put(FIELDS, lengths);
            result.put(HASH, Sha256.hex(String.join(" ", hashes).getBytes(StandardCharsets.UTF_8)));
            if (payload != null) {
                result.put(PAYLOAD, payload.path());
            }
        }
        return result;
    }

    /** Returns whether a text certainly fits into {@link #MAX_BYTES}. A char takes at most three bytes in UTF-8. */
    static boolean isShort(String text) {
        return isShort(text, MAX_BYTES);
    }

    private static boolean isShort(String text, int max) {
        return text.length() <= max / 3;
    }
}
