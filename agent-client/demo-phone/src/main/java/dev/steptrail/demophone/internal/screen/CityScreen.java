package dev.steptrail.demophone.internal.screen;

import static java.awt.Color.WHITE;

import dev.steptrail.demophone.internal.draw.Canvas;
import dev.steptrail.demophone.internal.draw.TextStyle;
import dev.steptrail.demophone.internal.draw.Weight;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** The weather of one city: now, in the next hours, in the next days. */
final class CityScreen implements Screen {
    private static final Color PANEL = new Color(255, 255, 255, 46);
    private static final TextStyle NOW = new TextStyle(264, Weight.REGULAR, WHITE);
    private static final TextStyle TEXT = Theme.BODY.in(WHITE);
    private static final List<String> DAYS = List.of("今天", "明天", "后天", "第四天", "第五天");
    private static final int[] CHANGE = {0, 1, -2, -1, 2};

    private final Forecast forecast;
    private final Navigation navigation;

    CityScreen(Forecast forecast, Navigation navigation) {
        this.forecast = forecast;
        this.navigation = navigation;
    }

    @Override
    public void draw(Canvas canvas, Touchables touchables) {
        Sky sky = Sky.of(forecast.sky());
        canvas.gradient(new Rectangle2D.Double(0, 0, WIDTH, HEIGHT), 0, sky.top(), HEIGHT, sky.bottom());
        AppBar.drawArrow(canvas, touchables, WHITE, navigation);
        canvas.textCentered(forecast.city(), WIDTH / 2.0, 420, Theme.HEADLINE.in(WHITE));
        canvas.textCentered(forecast.now() + "°", WIDTH / 2.0 + 30, 700, NOW);
        canvas.textCentered(forecast.sky() + "   " + forecast.range(), WIDTH / 2.0, 800, TEXT);
        canvas.textCentered(forecast.advice(), WIDTH / 2.0, 890, TEXT);
        hours(canvas);
        days(canvas);
    }

    @Override
    public boolean dark() {
        return true;
    }

    private void hours(Canvas canvas) {
        canvas.rounded(Theme.MARGIN, 1000, Theme.CARD_WIDTH, 300, 48, PANEL);
        for (int i = 0; i < 6; i++) {
            double center = 140 + i * 160;
            canvas.textCentered((9 + 2 * i) + "时", center, 1080, Theme.DETAIL.in(WHITE));
            double warmth = Math.sin((i + 1) / 6.0 * Math.PI);
            canvas.rounded(center - 9, 1190 - 60 * warmth, 18, 20 + 60 * warmth, 9, WHITE);
            int degrees = (int) Math.round(forecast.low() + (forecast.high() - forecast.low()) * warmth);
            canvas.textCentered(degrees + "°", center, 1268, Theme.DETAIL.in(WHITE));
        }
    }

    private void days(Canvas canvas) {
        canvas.rounded(Theme.MARGIN, 1340, Theme.CARD_WIDTH, 140 * DAYS.size() + 20.0, 48, PANEL);
        for (int i = 0; i < DAYS.size(); i++) {
            double baseline = 1440 + 140 * i;
            canvas.text(DAYS.get(i), 104, baseline, TEXT);
            canvas.textEndingAt((forecast.low() + CHANGE[i]) + "°", 520, baseline, TEXT);
            canvas.rounded(560, baseline - 24, 300, 16, 8, PANEL);
            canvas.rounded(600 + 12.0 * CHANGE[i], baseline - 24, 200, 16, 8, new Color(0xFFD65A));
            canvas.textEndingAt((forecast.high() + CHANGE[i]) + "°", 976, baseline, TEXT);
        }
    }
}
