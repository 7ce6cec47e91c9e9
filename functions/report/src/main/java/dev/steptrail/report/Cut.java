package dev.steptrail.report;

/** The beginning of what is too long. */
final class Cut {
    private Cut() {}

    /** At most so many characters, and no half of one. */
    static String to(int most, String text) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    /** At most so many characters; what is too long ends after a word, if there is one in its second half, and with an ellipsis. */
    static String toWords(int most, String text) {
        if (text.length() <= most) {
            return text;
        }
        String beginning = to(most - 1, text);
        int space = text.charAt(beginning.length()) == ' ' ? beginning.length() : beginning.lastIndexOf(' ');
        return (space > most / 2 ? beginning.substring(0, space) : beginning).stripTrailing() + "…";
    }
}
