package dev.steptrail.localcloud.phone.draw;

import java.util.ArrayList;
import java.util.List;

/** Text in lines. Breaks between any two characters, as Chinese does, and at each newline. */
public final class TextBlock {
    private TextBlock() {}

    /** Draws {@code text} with the first baseline at {@code y}; returns the baseline of its last line. */
    public static double draw(
            Canvas canvas, String text, double x, double y, double width, double lineHeight, TextStyle style) {
        double baseline = y - lineHeight;
        for (String line : lines(text, width, style)) {
            baseline += lineHeight;
            canvas.text(line, x, baseline, style);
        }
        return baseline;
    }

    /** {@code text} if it fits into one line of {@code width} pixels, else as much of it as does, and an ellipsis. */
    public static String cut(String text, double width, TextStyle style) {
        List<String> lines = lines(text, width - style.width("…"), style);
        return lines.size() == 1 || style.width(text) <= width ? text : lines.get(0) + "…";
    }

    /** The lines of {@code text}, none wider than {@code width} pixels unless one character is; at least one line. */
    public static List<String> lines(String text, double width, TextStyle style) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : text.split("\n", -1)) {
            StringBuilder line = new StringBuilder();
            for (String character :
                    paragraph.codePoints().mapToObj(Character::toString).toList()) {
                if (!line.isEmpty() && style.width(line + character) > width) {
                    lines.add(line.toString());
                    line.setLength(0);
                }
                line.append(character);
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
