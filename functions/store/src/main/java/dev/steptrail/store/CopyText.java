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

    byte[] toBytes() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void escaped(String value) {
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
