package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import dev.steptrail.demophone.internal.draw.TextBlock;
import java.awt.Color;

/** A modal dialog over a darkened screen, which accepts no touches until the dialog is closed. */
final class Dialog implements Screen {
    private static final double TOP = 1580;
    private static final double BUTTON_TOP = 2068;

    private final Screen asking;
    private final String title;
    private final String text;
    private final Navigation navigation;
    private final Runnable confirmed;

    Dialog(Screen asking, String title, String text, Navigation navigation, Runnable confirmed) {
        this.asking = asking;
        this.title = title;
        this.text = text;
        this.navigation = navigation;
        this.confirmed = confirmed;
    }

    @Override
    public void draw(Canvas canvas, Touchables touchables) {
        asking.draw(canvas.withoutTexts(), new Touchables());
        canvas.rectangle(0, 0, WIDTH, HEIGHT, new Color(0, 0, 0, 120));
        canvas.rounded(36, TOP, WIDTH - 72.0, 700, 64, Theme.CARD);
        canvas.textCentered(title, WIDTH / 2.0, TOP + 126, Theme.TITLE);
        TextBlock.draw(canvas, text, 108, TOP + 230, WIDTH - 216.0, 68, Theme.BODY);
        button(canvas, touchables, 96, "取消", Theme.GROUND, Theme.INK, navigation::back);
        button(canvas, touchables, 556, "确定", Theme.ACCENT, Color.WHITE, () -> {
            confirmed.run();
            navigation.back();
        });
    }

    @Override
    public boolean dark() {
        return true;
    }

    private static void button(
            Canvas canvas, Touchables touchables, double x, String label, Color ground, Color ink, Runnable onTap) {
        canvas.rounded(x, BUTTON_TOP, 428, 136, 68, ground);
        canvas.textCentered(label, x + 214, BUTTON_TOP + 85, Theme.BODY.in(ink));
        touchables.onTap(x, BUTTON_TOP, 428, 136, onTap);
    }
}
