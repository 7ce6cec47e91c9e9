package dev.steptrail.report;

import java.io.IOException;

/** Escapes text for HTML and XML. */
final class HtmlText {
    private HtmlText() {}

    static void write(Appendable out, String text) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> i += writePlain(out, text, i);
            }
        }
    }

    /** Writes a character, or U+FFFD if XML 1.0 forbids it. Returns the number of additional chars read. */
    private static int writePlain(Appendable out, String text, int at) throws IOException {
        int character = text.codePointAt(at);
        boolean control = character < ' ' && character != '\t' && character != '\n' && character != '\r';
        boolean invalid = character == 0xFFFE || character == 0xFFFF || (character >= 0xD800 && character <= 0xDFFF);
        out.append(control || invalid ? "\uFFFD" : Character.toString(character));
        return Character.charCount(character) - 1;
    }
}
