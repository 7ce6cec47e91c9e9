package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import dev.steptrail.demophone.internal.draw.TextStyle;
import dev.steptrail.demophone.internal.draw.Weight;
import java.awt.Color;
import java.awt.geom.Arc2D;
import java.awt.geom.RoundRectangle2D;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/** What the phone draws over every screen: status bar, gesture bar, and the volume while it changes. */
public final class SystemBars {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");
    private static final int BATTERY_PERCENT = 76;

    private SystemBars() {}

    public static void draw(Canvas canvas, LocalDateTime now, boolean dark) {
        Color color = dark ? Color.WHITE : Theme.INK;
        canvas.text(TIME.format(now), 64, 84, new TextStyle(42, Weight.BOLD, color));
        for (int bar = 0; bar < 4; bar++) {
            double height = 11 + bar * 7;
            canvas.rounded(772 + bar * 13, 84 - height, 9, height, 3, color);
        }
        for (int wave = 1; wave <= 3; wave++) {
            double radius = wave * 11 - 3;
            canvas.stroke(
                    new Arc2D.Double(866 - radius, 80 - radius, radius * 2, radius * 2, 45, 90, Arc2D.OPEN), 6, color);
        }
        canvas.text(Integer.toString(BATTERY_PERCENT), 908, 83, new TextStyle(34, Weight.REGULAR, color));
        canvas.stroke(new RoundRectangle2D.Double(956, 53, 56, 30, 16, 16), 3.5, color);
        canvas.rounded(961, 58, 46 * BATTERY_PERCENT / 100.0, 20, 4, color);
        canvas.rounded(1015, 62, 5, 12, 2, color);
        canvas.rounded(Screen.WIDTH / 2.0 - 170, Screen.HEIGHT - 40, 340, 11, 5.5, color);
    }

    /** Draws the media volume, which the volume keys change, as a bar on the right. */
    public static void drawVolume(Canvas canvas, int percent) {
        double length = 480;
        double filled = length * percent / 100;
        canvas.rounded(Screen.WIDTH - 172.0, 700, 124, 640, 62, Theme.CARD);
        canvas.rounded(Screen.WIDTH - 122.0, 740, 24, length, 12, Theme.TRACK);
        canvas.rounded(Screen.WIDTH - 122.0, 740 + length - filled, 24, filled, 12, Theme.ACCENT);
        canvas.textCentered(percent + "%", Screen.WIDTH - 110.0, 1300, Theme.DETAIL);
    }
}
