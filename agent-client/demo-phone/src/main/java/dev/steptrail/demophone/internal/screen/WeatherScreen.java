package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import dev.steptrail.demophone.internal.draw.TextStyle;
import dev.steptrail.demophone.internal.draw.Weight;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;

/** The cities as cards in a list that scrolls. */
final class WeatherScreen implements Screen {
    private static final double TOP = 330;
    private static final double CARD_HEIGHT = 270;
    private static final double PITCH = CARD_HEIGHT + 32;
    private static final TextStyle DEGREES = new TextStyle(104, Weight.REGULAR, Color.WHITE);

    private final Navigation navigation;
    private double scrolled;

    WeatherScreen(Navigation navigation) {
        this.navigation = navigation;
    }

    @Override
    public void draw(Canvas canvas, Touchables touchables) {
        canvas.rectangle(0, 0, WIDTH, HEIGHT, Theme.GROUND);
        canvas.inside(new Rectangle2D.Double(0, TOP - 20, WIDTH, HEIGHT), list -> {
            double y = TOP - scrolled;
            for (Forecast forecast : Forecast.CITIES) {
                card(list, y, forecast);
                touchables.onTap(
                        Theme.MARGIN,
                        Math.max(y, TOP),
                        Theme.CARD_WIDTH,
                        y + CARD_HEIGHT - Math.max(y, TOP),
                        () -> navigation.open(new CityScreen(forecast, navigation)));
                y += PITCH;
            }
        });
        AppBar.draw(canvas, touchables, "天气", navigation);
    }

    @Override
    public void scroll(double dx, double dy) {
        double furthest = Forecast.CITIES.size() * PITCH + TOP + 80 - HEIGHT;
        scrolled = Math.max(0, Math.min(furthest, scrolled - dy));
    }

    private static void card(Canvas canvas, double y, Forecast forecast) {
        Sky sky = Sky.of(forecast.sky());
        canvas.gradient(
                new RoundRectangle2D.Double(Theme.MARGIN, y, Theme.CARD_WIDTH, CARD_HEIGHT, 88, 88),
                y,
                sky.top(),
                y + CARD_HEIGHT,
                sky.bottom());
        canvas.text(forecast.city(), 104, y + 108, Theme.TITLE.in(Color.WHITE));
        canvas.text(forecast.sky() + "   " + forecast.range(), 104, y + 196, Theme.BODY.in(Color.WHITE));
        canvas.textEndingAt(forecast.now() + "°", 972, y + 172, DEGREES);
    }
}
