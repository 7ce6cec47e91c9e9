package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import java.awt.Color;
import java.util.function.IntConsumer;

/** A bar from 0 to 100 percent whose knob follows taps and swipes. */
final class Slider {
    private static final double LEFT = 112;
    private static final double LENGTH = 856;

    private Slider() {}

    static void draw(Canvas canvas, Touchables touchables, double y, int percent, IntConsumer moved) {
        double knob = LEFT + LENGTH * percent / 100;
        canvas.rounded(LEFT - 12, y - 12, LENGTH + 24, 24, 12, Theme.TRACK);
        canvas.rounded(LEFT - 12, y - 12, knob - LEFT + 24, 24, 12, Theme.ACCENT);
        canvas.circle(knob, y, 32, Theme.ACCENT);
        canvas.circle(knob, y, 24, Color.WHITE);
        touchables.onDrag(
                LEFT - 40,
                y - 60,
                LENGTH + 80,
                120,
                (x, touchY) -> moved.accept((int) Math.round((x - LEFT) / LENGTH * 100)));
    }
}
