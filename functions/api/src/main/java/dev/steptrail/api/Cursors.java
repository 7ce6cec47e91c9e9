package dev.steptrail.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The cursors of a list, each of which says where a page of it ended: the list (and its order), and the key of the page's last item, in
 * base64url. They give no rights: who makes one up sees no more than the list shows anyway.
 *
 * @param list by which they are told from those of others
 * @param parts what a key is made of, as it is written
 * @param key makes it of them again; throws a RuntimeException where they are none
 */
record Cursors<K>(String list, Function<K, List<?>> parts, Function<List<String>, K> key) {
    /** More than a list and the longest sender_id take. */
    private static final int MAX_LENGTH = 1400;

    /** Of a list whose rows have an id, from 1 on, and are in its order. */
    static Cursors<Long> ofIds(String list) {
        return new Cursors<>(list, List::of, parts -> positive(Long.parseLong(parts.get(0))));
    }

    /** Of a list of steps by their number. */
    static Cursors<Integer> ofSteps(String list) {
        return new Cursors<>(list, List::of, parts -> (int) positive(Integer.parseInt(parts.get(0))));
    }

    /** @throws IllegalArgumentException if no row has it for an id */
    static long positive(long id) {
        if (id < 1) {
            throw new IllegalArgumentException("no id");
        }
        return id;
    }

    /** The cursor of the page after the one that ended with this key. */
    String after(K last) {
        String text = Stream.concat(Stream.of(list), parts.apply(last).stream())
                .map(Object::toString)
                .collect(Collectors.joining("|"));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The key in a cursor of this list.
     *
     * @throws Problem if {@link #after} gives another cursor for it, or it is none at all
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
        } catch (RuntimeException notOurs) {
            // Refused below.
        }
        throw Problem.badRequest("cursor: must be the next_cursor of a page of this list in this order.");
    }
}
