package dev.steptrail.stepformat;

import org.jspecify.annotations.Nullable;

/** Text that UTF-8 and Postgres can hold: without U+0000 and without half a surrogate pair. */
final class StorableText {
    /** The field that says how many characters of a record were replaced. */
    static final String MARK = "replaced_characters";

    private static final char REPLACEMENT = '\uFFFD';

    private StorableText() {}

    static int countReplaced(String text) {
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                count++;
            } else if (Character.isSurrogate(c)) {
                if (isPair(text, i)) {
                    i++;
                } else {
                    count++;
                }
            }
        }
        return count;
    }

    static String of(String text) {
        StringBuilder storable = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPair(text, i)) {
                storable.append(c).append(text.charAt(++i));
            } else {
                storable.append(c == 0 || Character.isSurrogate(c) ? REPLACEMENT : c);
            }
        }
        return storable.toString();
    }

    /** What {@link #MARK} has to say where it said {@code before} and {@code replaced} more were replaced. */
    static @Nullable Object mark(@Nullable Object before, long replaced) {
        if (replaced == 0) {
            return before;
        }
        long count = before instanceof Integer || before instanceof Long ? ((Number) before).longValue() : 0;
        return JsonValues.number(Long.toString(count + replaced));
    }

    private static boolean isPair(String text, int i) {
        return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
    }
}
