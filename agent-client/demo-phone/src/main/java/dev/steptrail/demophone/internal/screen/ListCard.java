package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import dev.steptrail.demophone.internal.draw.Icon;
import java.util.List;

/** A white card of rows, each with an icon, a label, a value, and an arrow if a tap opens another screen. */
final class ListCard {
    static final int ROW_HEIGHT = 150;

    private ListCard() {}

    record Row(Icon icon, String label, String value, Runnable onTap) {}

    /** Draws the card and returns the y coordinate of its end. */
    static double draw(Canvas canvas, Touchables touchables, double top, List<Row> rows) {
        double height = (double) ROW_HEIGHT * rows.size();
        canvas.rounded(Theme.MARGIN, top, Theme.CARD_WIDTH, height, 44, Theme.CARD);
        double y = top;
        for (Row row : rows) {
            if (y > top) {
                canvas.line(208, y, Screen.WIDTH - Theme.MARGIN - 40, y, 2, Theme.HAIRLINE);
            }
            draw(canvas, y, row);
            touchables.onTap(Theme.MARGIN, y, Theme.CARD_WIDTH, ROW_HEIGHT, row.onTap());
            y += ROW_HEIGHT;
        }
        return y;
    }

    private static void draw(Canvas canvas, double y, Row row) {
        double middle = y + ROW_HEIGHT / 2.0;
        row.icon().draw(canvas, 88, middle - 42, 84);
        canvas.text(row.label(), 208, middle + 16, Theme.BODY);
        canvas.textEndingAt(row.value(), 948, middle + 14, Theme.DETAIL);
        canvas.polyline(5, Theme.MUTED, 972, middle - 14, 986, middle, 972, middle + 14);
    }
}
