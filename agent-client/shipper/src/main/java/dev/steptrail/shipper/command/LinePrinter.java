package dev.steptrail.shipper.command;

import java.io.PrintWriter;
import java.util.regex.Pattern;

/**
 * Prints a line where a line is asked for, whatever is in it. Names of files and what recordings say come from anywhere: they
 * must not break the line in which they are told, steer the terminal, or show their letters in another order.
 */
final class LinePrinter {
    /** Controls (line feeds among them), what is invisible and steers, and separators of lines and paragraphs. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private final PrintWriter to;

    LinePrinter(PrintWriter to) {
        this.to = to;
    }

    /** Prints one line, with {@code ?} in place of each character that cannot be shown as it is. */
    void println(String line) {
        to.println(UNPRINTABLE.matcher(line).replaceAll("?"));
    }
}
