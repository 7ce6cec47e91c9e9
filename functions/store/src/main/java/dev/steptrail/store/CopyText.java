package dev.steptrail.store;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Rows in the text format of COPY: values parted by tabs, rows by line feeds, {@code \N} for null, and a backslash before
 * what would be read otherwise (<a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, File Formats</a>).
 */
final class CopyText {
    private final StringBuilder text = new StringBuilder(64 * 1024);
    private boolean rowBegun;

    CopyText add(@Nullable Object value) {
        if (rowBegun) {
            text.append('\t');
        }
        rowBegun = true;
        if (value == null) {
            text.append("\\N");
        } else {
            escaped(value.toString());
        }
        return this;
    }

    void endRow() {
        text.append('\n');
        rowBegun = false;
    }

    /** In characters, of the rows that nobody took yet. */
    int length() {
        return text.length();
    }

    /** The rows that nobody took yet, which are forgotten here. */
    byte[] take() {
        byte[] rows = text.toString().getBytes(StandardCharsets.UTF_8);
        text.setLength(0);
        return rows;
    }

    private void escaped(String value) {
        if (isPlain(value)) {
            text.append(value);
            return;
        }
        int copied = 0;
        for (int i = 0; i < value.length(); i++) {
            char letter = letterFor(value.charAt(i));
            if (letter != 0) {
                text.append(value, copied, i).append('\\').append(letter);
                copied = i + 1;
            }
        }
        text.append(value, copied, value.length());
    }

    /** Most values are, and to look for one character at a time is quicker than to look at each. */
    private static boolean isPlain(String value) {
        return value.indexOf('\\') < 0 && value.indexOf('\n') < 0 && value.indexOf('\t') < 0 && value.indexOf('\r') < 0;
    }

    private static char letterFor(char c) {
        return switch (c) {
            case '\\' -> '\\';
            case '\t' -> 't';
            case '\n' -> 'n';
            case '\r' -> 'r';
            default -> 0;
        };
    }
}
