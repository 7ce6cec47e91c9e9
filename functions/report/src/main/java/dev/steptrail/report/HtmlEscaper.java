package dev.steptrail.report;

import java.io.IOException;

/** Escapes text for HTML and XML. */
final class HtmlEscaper {
    private HtmlEscaper() {}

    static void escape(Appendable out, String text) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> i += writeCharacter(out, text, i);
            }
        }
    }

    /** Writes a code point, or U+FFFD if XML 1.0 forbids it. Returns the number of chars read after the first one. */
    private static int writeCharacter(Appendable out, String text, int index) throws IOException {
        int character = text.codePointAt(index);
        boolean control = character < ' ' && character != '\t' && character != '\n' && character != '\r';
        boolean invalid = character == 0xFFFE || character == 0xFFFF || (character >= 0xD800 && character <= 0xDFFF);
        out.append(control || invalid ? "\uFFFD" : Character.toString(character));
        return Character.charCount(character) - 1;
    }
}
