package dev.steptrail.report;

import dev.steptrail.stepformat.Beginning;

/** The beginning of what is too long. */
final class Cut {
    private Cut() {}

    /** At most so many lines. */
    static String toLines(int most, String text) {
        int ends = 0;
        for (int i = 0; i < text.length(); i++) {
            boolean end = text.charAt(i) == '\n' || text.charAt(i) == '\r';
            ends += end ? 1 : 0;
            if (ends == most) {
                return text.substring(0, i);
            }
        }
        return text;
    }

    /** At most so many characters; what is too long ends after a word, if there is one in its second half, and with an ellipsis. */
    static String toWords(int most, String text) {
        if (text.length() <= most) {
            return text;
        }
        String beginning = Beginning.of(text, most - 1);
        int space = text.charAt(beginning.length()) == ' ' ? beginning.length() : beginning.lastIndexOf(' ');
        return (space > most / 2 ? beginning.substring(0, space) : beginning).stripTrailing() + "…";
    }
}
