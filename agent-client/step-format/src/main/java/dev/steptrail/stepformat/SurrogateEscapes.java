package dev.steptrail.stepformat;

/**
 * Replaces escapes of lone surrogates in JSON text, which Jackson's parsers refuse in names of fields.
 *
 * <p>The replacement is the escape of U+0000. {@link StorableText} turns both into U+FFFD and counts them, and the length of the text does
 * not change.
 */
final class SurrogateEscapes {
    private static final int LENGTH = "\\u0000".length();

    private SurrogateEscapes() {}

    /** Returns {@code json} with each lone surrogate escape replaced; the same object if there is none. */
    static String replaceLone(String json) {
        StringBuilder replaced = null;
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
                    replaced = replaced == null ? new StringBuilder(json) : replaced;
                    replaced.replace(at, end, "\\u0000");
                }
            }
            at = json.indexOf('\\', end);
        }
        return replaced == null ? json : replaced.toString();
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
