package dev.steptrail.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Encodes and decodes the cursors of a list. A cursor is the list's name, which includes its order, and the key of the
 * last item of a page, in base64url. Cursors grant no access: a forged one returns no more than the list does anyway.
 *
 * @param list the name that distinguishes the cursors of this list from others
 * @param parts splits a key into its parts
 * @param key builds a key from its parts; throws a RuntimeException if they are invalid
 */
record Cursors<K>(String list, Function<K, List<?>> parts, Function<List<String>, K> key) {
    /** Longer than a cursor with the longest sender_id. */
    private static final int MAX_LENGTH = 1400;

    /** Returns the cursors of a list ordered by a positive id. */
    static Cursors<Long> ofIds(String list) {
        return new Cursors<>(list, List::of, parts -> positive(Long.parseLong(parts.get(0))));
    }

    /** Returns the cursors of a list ordered by step number. */
    static Cursors<Integer> ofSteps(String list) {
        return new Cursors<>(list, List::of, parts -> (int) positive(Integer.parseInt(parts.get(0))));
    }

    /** @throws IllegalArgumentException if the id is not positive */
    static long positive(long id) {
        if (id < 1) {
            throw new IllegalArgumentException("not a positive id");
        }
        return id;
    }

    /** Returns the cursor of the page after the one that ended with this key. */
    String after(K last) {
        String text = Stream.concat(Stream.of(list), parts.apply(last).stream())
                .map(Object::toString)
                .collect(Collectors.joining("|"));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Decodes a cursor.
     *
     * @throws Problem if it is not exactly a cursor that {@link #after} returns for this list
     */
    K key(String cursor) {
        try {
            if (cursor.length() <= MAX_LENGTH) {
                String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
                List<String> written = Arrays.asList(text.split("\\|", -1));
                K last = key.apply(written.subList(1, written.size()));
                if (after(last).equals(cursor)) {
                    return last;
                }
            }
        } catch (RuntimeException invalid) {
            // Rejected below.
        }
        throw Problem.badRequest("cursor: must be the next_cursor of a page of this list in this order.");
    }
}
