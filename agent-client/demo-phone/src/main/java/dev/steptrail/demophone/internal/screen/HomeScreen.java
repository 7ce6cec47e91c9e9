package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import dev.steptrail.demophone.internal.draw.TextStyle;
import dev.steptrail.demophone.internal.draw.Weight;
import dev.steptrail.demophone.state.PhoneState;
import java.awt.Color;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** The home screen: time, date, and the apps' icons in rows of four, the last row in the dock. */
public final class HomeScreen implements Screen {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("M月d日 EEEE", Locale.SIMPLIFIED_CHINESE);
    private static final int COLUMNS = 4;
    private static final double ICON = 164;

    private final PhoneState state;
    private final Navigation navigation;
    private final List<App> apps;

    public HomeScreen(PhoneState state, Navigation navigation, List<App> apps) {
        this.state = state;
        this.navigation = navigation;
        this.apps = apps;
    }

    @Override
    public void draw(Canvas canvas, Touchables touchables) {
        Wallpaper.draw(canvas);
        canvas.textCentered(
                TIME.format(state.now()), WIDTH / 2.0, 470, new TextStyle(216, Weight.REGULAR, Color.WHITE));
        canvas.textCentered(DATE.format(state.now()), WIDTH / 2.0, 562, Theme.BODY.in(Color.WHITE));
        canvas.rounded(36, 2022, WIDTH - 72.0, 292, 80, new Color(255, 255, 255, 46));
        for (int i = 0; i < apps.size(); i++) {
            icon(canvas, touchables, apps.get(i), i % COLUMNS, i / COLUMNS);
        }
    }

    @Override
    public boolean dark() {
        return true;
    }

    private void icon(Canvas canvas, Touchables touchables, App app, int column, int row) {
        double center = 163 + column * 251.5;
        double top = row == 2 ? 2054 : 1440 + row * 282;
        app.icon().draw(canvas, center - ICON / 2, top, ICON);
        canvas.textCentered(app.name(), center, top + ICON + 52, Theme.LABEL);
        touchables.onTap(center - 110, top - 16, 220, 260, () -> navigation.launch(app));
    }
}
