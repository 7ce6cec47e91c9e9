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
}
