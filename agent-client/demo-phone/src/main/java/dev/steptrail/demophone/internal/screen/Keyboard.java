package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import java.awt.Color;

/** The keyboard below a text field that has the focus. Its keys type. */
final class Keyboard {
    private static final Color GROUND = new Color(0xD5D9E2);
    private static final Color FUNCTION_KEY = new Color(0xBCC2CF);
    private static final double TOP = 1560;
    private static final double KEY_HEIGHT = 142;
    private static final double PITCH = 166;

    private Keyboard() {}

    static void draw(Canvas canvas, Touchables touchables, TextField field) {
        canvas.rectangle(0, TOP, Screen.WIDTH, Screen.HEIGHT - TOP, GROUND);
        touchables.onTap(0, TOP, Screen.WIDTH, Screen.HEIGHT - TOP, () -> {});
        letters(canvas, touchables, field, "qwertyuiop", 0);
        letters(canvas, touchables, field, "asdfghjkl", 1);
        letters(canvas, touchables, field, "zxcvbnm", 2);
        key(canvas, touchables, 864, 2, 204, "删除", FUNCTION_KEY, field::erase);
        key(canvas, touchables, 12, 3, 204, "，", FUNCTION_KEY, () -> field.type("，"));
        key(canvas, touchables, 228, 3, 570, "空格", Color.WHITE, () -> field.type(" "));
        key(canvas, touchables, 810, 3, 258, "换行", FUNCTION_KEY, () -> field.type("\n"));
    }

    private static void letters(Canvas canvas, Touchables touchables, TextField field, String letters, int row) {
        double left = row == 2 ? 54 : (Screen.WIDTH - 108.0 * letters.length()) / 2;
        for (int i = 0; i < letters.length(); i++) {
            String letter = letters.substring(i, i + 1);
            key(canvas, touchables, left + i * 108 + 5, row, 98, letter, Color.WHITE, () -> field.type(letter));
        }
    }

    private static void key(
            Canvas canvas,
            Touchables touchables,
            double x,
            int row,
            double width,
            String label,
            Color color,
            Runnable pressed) {
        double y = TOP + 24 + row * PITCH;
        canvas.rounded(x, y, width, KEY_HEIGHT, 16, color);
        canvas.textCentered(label, x + width / 2, y + 88, Theme.BODY);
        touchables.onTap(x, y, width, KEY_HEIGHT, pressed);
    }
}
