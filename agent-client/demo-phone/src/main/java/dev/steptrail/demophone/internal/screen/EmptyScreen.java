package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import dev.steptrail.demophone.internal.draw.Icon;

/** An app, or a page of the settings, that has nothing to show. */
final class EmptyScreen implements Screen {
    private final String title;
    private final Icon icon;
    private final String message;
    private final Navigation navigation;

    EmptyScreen(String title, Icon icon, String message, Navigation navigation) {
        this.title = title;
        this.icon = icon;
        this.message = message;
        this.navigation = navigation;
    }

    @Override
    public void draw(Canvas canvas, Touchables touchables) {
        canvas.rectangle(0, 0, WIDTH, HEIGHT, Theme.GROUND);
        AppBar.draw(canvas, touchables, title, navigation);
        icon.draw(canvas, WIDTH / 2.0 - 110, 900, 220);
        canvas.textCentered(message, WIDTH / 2.0, 1230, Theme.BODY.in(Theme.MUTED));
    }
}
