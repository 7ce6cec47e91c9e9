package dev.steptrail.stepformat;

/** Truncates text without splitting a surrogate pair. */
public final class TextTruncator {
    private TextTruncator() {}

    /** Returns the first {@code maxLength} UTF-16 units, or one less so that no surrogate pair is split. */
    public static String truncate(String text, int maxLength) {
        if (text.length() <= maxLength) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength);
    }
}
