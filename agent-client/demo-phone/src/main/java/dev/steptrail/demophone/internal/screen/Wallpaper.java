package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import java.awt.Color;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** An evening over hills. */
final class Wallpaper {
    private Wallpaper() {}

    static void draw(Canvas canvas) {
        canvas.gradient(
                new Rectangle2D.Double(0, 0, Screen.WIDTH, Screen.HEIGHT),
                0,
                new Color(0x1E2A5A),
                1900,
                new Color(0xF28C6A));
        canvas.circle(770, 1010, 118, new Color(0xFFE3B0));
        hill(canvas, 1290, 1090, 1370, new Color(0x8A5A83));
        hill(canvas, 1480, 1600, 1230, new Color(0x5B4377));
        hill(canvas, 1690, 1480, 1760, new Color(0x3A2F63));
    }

    private static void hill(Canvas canvas, double left, double crest, double right, Color color) {
        Path2D hill = new Path2D.Double();
        hill.moveTo(0, left);
        hill.curveTo(320, crest, 700, left + right - crest, Screen.WIDTH, right);
        hill.lineTo(Screen.WIDTH, Screen.HEIGHT);
        hill.lineTo(0, Screen.HEIGHT);
        hill.closePath();
        canvas.fill(hill, color);
    }
}
