package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import java.awt.Color;
import java.util.List;

/** The apps that were opened last, newest first. A tap on one opens it again. */
public final class RecentsScreen implements Screen {
    private static final int MAX_APPS = 4;
    private static final double TOP = 360;
    private static final double ROW = 440;

    private final List<App> apps;
    private final Navigation navigation;

    /** @param apps newest first */
    public RecentsScreen(List<App> apps, Navigation navigation) {
        this.apps = apps.subList(0, Math.min(MAX_APPS, apps.size()));
        this.navigation = navigation;
    }

    @Override
    public void draw(Canvas canvas, Touchables touchables) {
        Wallpaper.draw(canvas);
        canvas.rectangle(0, 0, WIDTH, HEIGHT, new Color(0, 0, 0, 90));
        canvas.textCentered("最近使用的应用", WIDTH / 2.0, 240, Theme.BODY.in(Color.WHITE));
        if (apps.isEmpty()) {
            canvas.textCentered("没有最近使用的应用", WIDTH / 2.0, HEIGHT / 2.0, Theme.BODY.in(Color.WHITE));
        }
        for (int i = 0; i < apps.size(); i++) {
            card(canvas, touchables, apps.get(i), TOP + i * ROW);
        }
    }

    private void card(Canvas canvas, Touchables touchables, App app, double top) {
        double height = ROW - 48;
        canvas.rounded(Theme.MARGIN * 2.0, top, Theme.CARD_WIDTH - Theme.MARGIN * 2.0, height, 56, Theme.CARD);
        app.icon().draw(canvas, 160, top + height / 2 - 82, 164);
        canvas.text(app.name(), 380, top + height / 2 + 18, Theme.TITLE);
        touchables.onTap(
                Theme.MARGIN * 2.0, top, Theme.CARD_WIDTH - Theme.MARGIN * 2.0, height, () -> navigation.launch(app));
    }

    @Override
    public boolean dark() {
        return true;
    }
}
