package dev.steptrail.phone.autoglm;

/** Operations on text with the results of Python's, which differ from those of {@link String}. */
final class PythonText {
    private PythonText() {}

    /** Removes what Python's {@code str.strip()} removes: unlike {@link String#strip}, also no-break spaces. */
    static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }
}
