package dev.steptrail.report;

import java.io.IOException;

/** Writes what senders wrote so that it is text, in HTML as in XML, whatever it is. */
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

    /** What XML 1.0 cannot hold becomes U+FFFD. Answers how many more characters were taken. */
    private static int writePlain(Appendable out, String text, int at) throws IOException {
        int character = text.codePointAt(at);
        boolean control = character < ' ' && character != '\t' && character != '\n' && character != '\r';
        boolean none = character == 0xFFFE || character == 0xFFFF || (character >= 0xD800 && character <= 0xDFFF);
        out.append(control || none ? "\uFFFD" : Character.toString(character));
        return Character.charCount(character) - 1;
    }
}
