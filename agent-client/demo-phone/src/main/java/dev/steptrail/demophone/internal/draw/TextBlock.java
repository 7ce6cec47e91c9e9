package dev.steptrail.demophone.internal.draw;

import java.util.ArrayList;
import java.util.List;

/** Multi-line text. Lines break between any two characters, as in Chinese, and at each newline. */
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

    /** Truncates {@code text} to one line of {@code width} pixels, with an ellipsis. */
    public static String cut(String text, double width, TextStyle style) {
        List<String> lines = lines(text, width - style.width("…"), style);
        return lines.size() == 1 || style.width(text) <= width ? text : lines.get(0) + "…";
    }

    /** Returns the lines of {@code text}, at least one. Only single characters can exceed {@code width} pixels. */
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
