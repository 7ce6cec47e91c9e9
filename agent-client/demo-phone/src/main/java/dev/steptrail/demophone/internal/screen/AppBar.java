package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import java.awt.Color;

/** The bar at the top of an app's screen: a back arrow and the screen's title. */
final class AppBar {
    private AppBar() {}

    static void draw(Canvas canvas, Touchables touchables, String title, Navigation navigation) {
        drawArrow(canvas, touchables, Theme.INK, navigation);
        canvas.text(title, 168, 235, Theme.TITLE);
    }

    /** Draws the bar without a title, for screens that draw the title themselves. */
    static void drawArrow(Canvas canvas, Touchables touchables, Color color, Navigation navigation) {
        canvas.polyline(8, color, 94, 186, 66, 214, 94, 242);
        canvas.line(68, 214, 122, 214, 8, color);
        touchables.onTap(20, 150, 140, 130, "返回", navigation::back);
    }
}
