package dev.steptrail.stepformat;

import java.util.Arrays;

/**
 * Replaces escapes of lone surrogates in JSON text, which Jackson's parsers refuse in names of fields.
 *
 * <p>The replacement is the escape of U+0000. {@link StorableText} turns both into U+FFFD and counts them, and the length of the text does
 * not change.
 */
final class SurrogateEscapes {
    private static final int DIGITS = 4;
    private static final int LENGTH = "\\u".length() + DIGITS;

    private SurrogateEscapes() {}

    /** Returns {@code json} with each lone surrogate escape replaced; the same object if there is none. */
    static String replaceLone(String json) {
        char[] replaced = null;
        int at = json.indexOf('\\');
        while (at >= 0) {
            int end = at + 2;
            int unit = codeUnit(json, at);
            if (unit >= 0) {
                end = at + LENGTH;
                if (Character.isHighSurrogate((char) unit)
                        && codeUnit(json, end) >= 0
                        && Character.isLowSurrogate((char) codeUnit(json, end))) {
                    end += LENGTH;
                } else if (Character.isSurrogate((char) unit)) {
                    replaced = replaced == null ? json.toCharArray() : replaced;
                    Arrays.fill(replaced, end - DIGITS, end, '0');
                }
            }
            at = json.indexOf('\\', end);
        }
        return replaced == null ? json : new String(replaced);
    }

    /** Returns the code unit that the escape at {@code at} stands for, or -1 if there is no such escape. */
    private static int codeUnit(String json, int at) {
        if (at + LENGTH > json.length() || json.charAt(at) != '\\' || json.charAt(at + 1) != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = at + 2; i < at + LENGTH; i++) {
            int digit = Character.digit(json.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit * 16 + digit;
        }
        return unit;
    }
}
