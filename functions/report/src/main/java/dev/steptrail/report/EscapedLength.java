package dev.steptrail.report;

import java.nio.charset.StandardCharsets;

/** What text takes in Lambda's answer, where the body is a JSON string itself. */
public final class EscapedLength {
    /** In bytes, escaped. */
    public static final int LONGEST_CHARACTER = 6;

    private EscapedLength() {}

    /** How many bytes these of UTF-8 take as a part of a JSON string. */
    public static int of(byte[] text, int from, int to) {
        int length = 0;
        for (int i = from; i < to; i++) {
            byte b = text[i];
            if (b >= 0 && b < ' ') {
                length += LONGEST_CHARACTER;
            } else {
                length += b == '"' || b == '\\' ? 2 : 1;
            }
        }
        return length;
    }

    /** How many bytes it takes as a part of a JSON string. */
    public static int of(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return of(utf8, 0, utf8.length);
    }
}
