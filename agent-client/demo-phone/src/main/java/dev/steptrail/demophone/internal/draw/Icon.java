package dev.steptrail.demophone.internal.draw;

import java.awt.Color;
import java.awt.geom.RoundRectangle2D;
import java.util.function.Consumer;

/** The icon of an app or a setting: a rounded square in the icon's color with a white shape. */
public final class Icon {
    public static final Icon SETTINGS = new Icon(0x8E99A8, 0x5F6B7C, Figures::gear);
    public static final Icon CAMERA = new Icon(0x4B5563, 0x1F2937, Figures::camera);
    public static final Icon WEATHER = new Icon(0x5AB2FF, 0x2F7DF0, Figures::sunBehindCloud);
    public static final Icon NOTES = new Icon(0xFFD257, 0xF5A623, Figures::lines);
    public static final Icon CALENDAR = new Icon(0xFF7A70, 0xE5484D, Figures::calendar);
    public static final Icon CLOCK = new Icon(0x3A3F58, 0x1B1E2E, Figures::clock);
    public static final Icon GALLERY = new Icon(0xB57BFF, 0x7C4DFF, Figures::mountains);
    public static final Icon MUSIC = new Icon(0xFF6FA5, 0xE93D82, Figures::note);
    public static final Icon PHONE = new Icon(0x4CD07D, 0x22A55B, Figures::handset);
    public static final Icon MESSAGES = new Icon(0x5AD1C8, 0x12A594, Figures::bubble);
    public static final Icon BROWSER = new Icon(0x66A6FF, 0x3B6FE0, Figures::globe);
    public static final Icon CONTACTS = new Icon(0xFFA65C, 0xF2711C, Figures::person);
    public static final Icon WIFI = new Icon(0x4C9BFF, 0x2F7DF0, Figures::waves);
    public static final Icon BLUETOOTH = new Icon(0x5B7CFF, 0x3B5BDB, Figures::rune);
    public static final Icon SOUND = new Icon(0xFF8F5C, 0xF2711C, Figures::speaker);
    public static final Icon DISPLAY = new Icon(0xFFC94D, 0xF5A623, Figures::sun);
    public static final Icon NOTIFICATIONS = new Icon(0xFF7A70, 0xE5484D, Figures::bell);
    public static final Icon BATTERY = new Icon(0x4CD07D, 0x22A55B, Figures::battery);
    public static final Icon SECURITY = new Icon(0x5AD1C8, 0x12A594, Figures::lock);
    public static final Icon APPS = new Icon(0xB57BFF, 0x7C4DFF, Figures::squares);
    public static final Icon ABOUT = new Icon(0x8E99A8, 0x5F6B7C, Figures::letter);

    private final Color top;
    private final Color bottom;
    private final Consumer<Canvas> figure;

    private Icon(int top, int bottom, Consumer<Canvas> figure) {
        this.top = new Color(top);
        this.bottom = new Color(bottom);
        this.figure = figure;
    }

    public void draw(Canvas canvas, double x, double y, double size) {
        canvas.inSquare(x, y, size, square -> {
            square.gradient(new RoundRectangle2D.Double(0, 0, 100, 100, 52, 52), 0, top, 100, bottom);
            figure.accept(square);
        });
    }
}
