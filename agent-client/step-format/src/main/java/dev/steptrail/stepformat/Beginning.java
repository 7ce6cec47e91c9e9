package dev.steptrail.stepformat;

/** The beginning of text that is too long. */
public final class Beginning {
    private Beginning() {}

    /** At most so many characters of it, and no half of a surrogate pair. */
    public static String of(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }
}
