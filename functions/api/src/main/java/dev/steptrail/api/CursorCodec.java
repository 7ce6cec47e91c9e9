package dev.steptrail.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Encodes and decodes the cursors of a list. A cursor contains the name of the list, including its order, and the key
 * of the last item of a page, in base64url. A forged cursor grants no additional access.
 *
 * @param list the name of the list; {@link #decode} rejects the cursors of other lists
 * @param parts splits a key into its parts
 * @param key builds a key from its parts; throws a RuntimeException if they are invalid
 */
record CursorCodec<K>(String list, Function<K, List<?>> parts, Function<List<String>, K> key) {
    /** Exceeds the length of a cursor with the longest sender_id. */
    private static final int MAX_LENGTH = 1400;

    /** Returns the codec of a list ordered by a positive id. */
    static CursorCodec<Long> forIds(String list) {
        return new CursorCodec<>(list, List::of, parts -> requirePositive(Long.parseLong(parts.get(0))));
    }

    /** Returns the codec of a list ordered by step number. */
    static CursorCodec<Integer> forStepNumbers(String list) {
        return new CursorCodec<>(list, List::of, parts -> (int) requirePositive(Integer.parseInt(parts.get(0))));
    }

    /** @throws IllegalArgumentException if the id is not positive */
    static long requirePositive(long id) {
        if (id < 1) {
            throw new IllegalArgumentException("not a positive id");
        }
        return id;
    }

    /** Returns the cursor of the page that starts after the item with this key. */
    String encode(K last) {
        String text = Stream.concat(Stream.of(list), parts.apply(last).stream())
                .map(Object::toString)
                .collect(Collectors.joining("|"));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Decodes a cursor.
     *
     * @throws Problem if the cursor is not one that {@link #encode} returns for this list
     */
    K decode(String cursor) {
        try {
            if (cursor.length() <= MAX_LENGTH) {
                String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
                List<String> fields = Arrays.asList(text.split("\\|", -1));
                K last = key.apply(fields.subList(1, fields.size()));
                if (encode(last).equals(cursor)) {
                    return last;
                }
            }
        } catch (RuntimeException invalid) {
            // Rejected below.
        }
        throw Problem.badRequest("cursor: must be a next_cursor of this list in the same order.");
    }
}
