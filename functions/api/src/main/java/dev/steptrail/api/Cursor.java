package dev.steptrail.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/**
 * Where a page of a list ended: the list (and its order), and the key of the page's last item, in base64url. It gives no
 * rights: who makes one up sees no more than the list shows anyway.
 */
final class Cursor {
    /** More than a list and the longest sender_id take. */
    private static final int MAX_LENGTH = 1400;

    private Cursor() {}

    static String encode(String list, Object... key) {
        StringBuilder text = new StringBuilder(list);
        for (Object part : key) {
            text.append('|').append(part);
        }
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The key in a cursor of this list.
     *
     * @param key reads the key's parts; throws a RuntimeException where they are none
     * @throws Problem if {@link #encode} did not make it for this list
     */
    static <T> T decode(String list, String cursor, Function<List<String>, T> key) {
        try {
            if (cursor.length() <= MAX_LENGTH) {
                String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
                List<String> parts = Arrays.asList(text.split("\\|", -1));
                List<String> keyParts = parts.subList(1, parts.size());
                if (encode(list, keyParts.toArray()).equals(cursor)) {
                    return key.apply(keyParts);
                }
            }
        } catch (RuntimeException notOurs) {
            throw wrong();
        }
        throw wrong();
    }

    /** The only part of a cursor that names a row by its id. */
    static Long id(List<String> parts) {
        if (parts.size() != 1) {
            throw new IllegalArgumentException("no id");
        }
        return Long.valueOf(parts.get(0));
    }

    private static Problem wrong() {
        return Problem.badRequest("cursor: must be the next_cursor of a page of this list in this order.");
    }
}
