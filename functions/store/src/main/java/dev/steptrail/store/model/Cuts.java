package dev.steptrail.store.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.Sha256;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a row so small that it can be read again: text ends after 256 KiB of UTF-8, names after 1 KiB, at the end of a
 * character (earlier where many of its characters are control characters, which JSON spells out), and JSON over 256 KiB is left out. Remembers what was cut, how long it was, and a hash by which two rows can be told
 * apart that differ only there. For one row.
 */
public final class Cuts {
    /** The name under which a row tells what was cut of it. */
    static final String MARK = "cut_fields";

    /** The name under which it tells the SHA-256 of all that was cut, whole. */
    static final String HASH = "cut_sha256";

    /** The name under which it tells the S3 key of the whole record, where there is one. */
    public static final String PAYLOAD = "payload_path";

    public static final int MAX_BYTES = 256 * 1024;

    private static final int MAX_NAME_BYTES = 1024;

    private final Map<String, Integer> lengths = new LinkedHashMap<>();
    private final List<String> hashes = new ArrayList<>();
    private final @Nullable Payload payload;

    /** @param payload where the whole record lies; null where a message carried it */
    public Cuts(@Nullable Payload payload) {
        this.payload = payload;
    }

    @Nullable
    public String text(String field, @Nullable String text) {
        return text == null ? null : cut(field, text, MAX_BYTES);
    }

    /** What names something, of which a row has many. */
    @Nullable
    public String name(String field, @Nullable String name) {
        return name == null ? null : requiredName(field, name);
    }

    String requiredName(String field, String name) {
        return cut(field, name, MAX_NAME_BYTES);
    }

    /** The same of one of a step's screenshots, by its place. */
    String nameOfScreenshot(int ordinal, String field, String name) {
        return isShort(name, MAX_NAME_BYTES) ? name : requiredName("screenshots[" + ordinal + "]." + field, name);
    }

    private String cut(String field, String text, int most) {
        if (isShort(text, most)) {
            return text;
        }
        int end = end(text, most);
        if (end == text.length()) {
            return text;
        }
        byte[] whole = text.getBytes(StandardCharsets.UTF_8);
        note(field, whole.length, whole);
        return text.substring(0, end);
    }

    /** How many of its chars are kept, whole characters: so many as have that many bytes, and twice that as JSON. */
    private static int end(String text, int most) {
        int bytes = 0;
        int escaped = 0;
        int end = 0;
        while (end < text.length()) {
            int character = text.codePointAt(end);
            int length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
            bytes += length;
            escaped += escapedLength(character, length);
            if (bytes > most || escaped > 2 * most) {
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

    /** Null where it is too long. */
    @Nullable
    public String json(String field, Object value) {
        String json = JsonText.of(value);
        if (isShort(json, MAX_BYTES)) {
            return json;
        }
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        if (length <= MAX_BYTES) {
            return json;
        }
        note(field, length, sorted(value));
        return null;
    }

    /** Empty where its JSON is too long. */
    public Map<String, Object> object(String field, Map<String, Object> object) {
        return json(field, object) == null ? Map.of() : object;
    }

    /** That a list was cut. */
    void list(String field, List<?> whole) {
        note(field, whole.size(), whole.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void note(String field, int length, byte[] whole) {
        lengths.put(field, length);
        hashes.add(Sha256.hex(whole));
    }

    /** The order of keys says nothing. By itself, since databind takes long to load, and hardly ever is anything cut. */
    private static final class Sorted {
        private static final ObjectMapper JSON = JsonMapper.builder()
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .build();
    }

    private static byte[] sorted(Object json) {
        try {
            return Sorted.JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("what was parsed can be written", e);
        }
    }

    /**
     * The fields of a row, and what was cut of it, if anything: each with its whole length, in bytes of UTF-8, or for a list in
     * elements. A sender's own word for where the whole lies, or for its hash, is left out.
     */
    public Map<String, Object> marked(Map<String, Object> fields) {
        if (lengths.isEmpty() && !fields.containsKey(PAYLOAD) && !fields.containsKey(HASH)) {
            return fields;
        }
        Map<String, Object> marked = new LinkedHashMap<>(fields);
        marked.remove(PAYLOAD);
        marked.remove(HASH);
        if (!lengths.isEmpty()) {
            marked.put(MARK, lengths);
            marked.put(HASH, Sha256.hex(String.join(" ", hashes).getBytes(StandardCharsets.UTF_8)));
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
