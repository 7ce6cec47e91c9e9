package dev.steptrail.phone.adb;

import java.util.regex.Pattern;

/** Quotes words for the phone's shell. */
final class ShellWord {
    /** Words of these characters have no special meaning for a POSIX shell and are not quoted. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=+,@%-]+");

    private ShellWord() {}

    /**
     * Returns {@code text} as one word of a command line.
     *
     * @throws IllegalArgumentException if {@code text} contains U+0000, which ends a command line
     */
    static String quote(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the text contains U+0000");
        }
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
