package dev.steptrail.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Prints a line where a line is asked for, whatever is in it. Names of files and what recordings say come from anywhere: they
 * must not break the line in which they are told, steer the terminal, or show their letters in another order.
 */
final class LinePrinter {
    /** Controls (line feeds among them), what is invisible and steers, and separators of lines and paragraphs. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    /** The same but for what ends a line: in JSON that stands between values alone. */
    private static final Pattern STEERING = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\r\n]]");

    private final PrintWriter to;

    LinePrinter(PrintWriter to) {
        this.to = to;
    }

    /** Prints one line, with {@code ?} in place of each character that cannot be shown as it is. */
    void println(String line) {
        to.println(UNPRINTABLE.matcher(line).replaceAll("?"));
    }

    /** Prints JSON, with JSON's own escapes in place of those characters: to programs it is the same. */
    void printJson(String json) {
        to.println(STEERING.matcher(json).replaceAll(LinePrinter::escaped));
    }

    private static String escaped(MatchResult character) {
        return character
                .group()
                .chars()
                .mapToObj(unit -> String.format(Locale.ROOT, "\\\\u%04X", unit))
                .collect(Collectors.joining());
    }
}
