package dev.steptrail.stepformat;

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

    private static boolean isPair(String text, int i) {
        return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
    }
}
