package dev.steptrail.cli.terminal;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Describes the terminal, and makes text safe to print on it. The start script passes the terminal's properties,
 * because Java cannot detect them. Untrusted text must not break a line, control the terminal, or change the order of
 * letters.
 */
public final class Terminal {
    private static final String COLUMNS = "steptrail.columns";

    private static final String ATTACHED = "steptrail.terminal";

    /** Set by the start script, because Java cannot detect whether a user can answer questions. */
    private static final String INTERACTIVE = "steptrail.interactive";

    private static final String CARRIAGE_RETURN = "\r";
    private static final String CLEAR_TO_END_OF_LINE = "\u001b[K";

    /** Control characters, including line feeds; invisible formatting characters; line and paragraph separators. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    /** The same characters except line breaks, which JSON contains only between values. */
    private static final Pattern UNPRINTABLE_IN_JSON = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\r\n]]");

    /** Characters that take two columns (UAX #11). */
    private static final Pattern WIDE = Pattern.compile("[\\x{1100}-\\x{115F}\\x{2E80}-\\x{303E}\\x{3041}-\\x{4DBF}"
            + "\\x{4E00}-\\x{A4CF}\\x{A960}-\\x{A97F}\\x{AC00}-\\x{D7A3}\\x{F900}-\\x{FAFF}\\x{FE30}-\\x{FE6F}"
            + "\\x{FF01}-\\x{FF60}\\x{FFE0}-\\x{FFE6}\\x{1F300}-\\x{1F64F}\\x{1F680}-\\x{1F6FF}\\x{1F900}-\\x{1FAFF}"
            + "\\x{20000}-\\x{3FFFD}]");

    /** Combining characters, which take no column. */
    private static final Pattern COMBINING = Pattern.compile("[\\p{Mn}\\p{Me}]");

    private Terminal() {}

    /** Returns the width of the terminal; {@code Integer.MAX_VALUE} if it is unknown. */
    public static int columns() {
        return Integer.getInteger(COLUMNS, Integer.MAX_VALUE);
    }

    /** Returns whether standard output is known to be a file or a pipe. */
    public static boolean isPiped() {
        return "".equals(System.getProperty(COLUMNS));
    }

    /** Returns whether standard error is known to be a terminal. */
    public static boolean isAttached() {
        return Boolean.getBoolean(ATTACHED);
    }

    /** Returns whether a user can answer questions. */
    public static boolean isInteractive() {
        return Boolean.getBoolean(INTERACTIVE);
    }

    /**
     * Shows a line, truncated to the width of the terminal, that the next output overwrites; an empty line clears it.
     * Writes nothing if standard error is not a terminal.
     */
    public static void showLine(String line, PrintWriter err) {
        if (isAttached()) {
            String shown = truncate(printable(line), columns() - 1);
            err.print(CARRIAGE_RETURN + shown + CLEAR_TO_END_OF_LINE + (line.isEmpty() ? "" : CARRIAGE_RETURN));
            err.flush();
        }
    }

    /** Replaces each unprintable character by {@code ?}. */
    public static String printable(String line) {
        return UNPRINTABLE.matcher(line).replaceAll("?");
    }

    /** Escapes unprintable characters; the JSON value stays the same. */
    public static String printableJson(String json) {
        return UNPRINTABLE_IN_JSON.matcher(json).replaceAll(character -> character
                .group()
                .chars()
                .mapToObj(unit -> String.format(Locale.ROOT, "\\\\u%04X", unit))
                .collect(Collectors.joining()));
    }

    /** Returns the width of a text in columns. */
    public static int width(String text) {
        return text.codePointCount(0, text.length()) + count(WIDE, text) - count(COMBINING, text);
    }

    private static int count(Pattern characters, String text) {
        return (int) characters.matcher(text).results().count();
    }

    /** Truncates a text to a width, including a final {@code …}. */
    public static String truncate(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        int used = 0;
        int end = 0;
        while (end < text.length()) {
            String character = Character.toString(text.codePointAt(end));
            used += width(character);
            if (used > columns - 1) {
                break;
            }
            end += character.length();
        }
        return text.substring(0, end) + "…";
    }
}
