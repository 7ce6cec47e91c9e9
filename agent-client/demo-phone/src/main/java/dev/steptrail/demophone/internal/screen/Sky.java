package dev.steptrail.demophone.internal.screen;

import java.awt.Color;

/** The colors of a sky, from top to bottom. */
record Sky(Color top, Color bottom) {
    private static final Sky CLEAR = new Sky(new Color(0x2F8DF5), new Color(0x62B4FF));
    private static final Sky CLOUDY = new Sky(new Color(0x5E7FA8), new Color(0x8AA8C9));
    private static final Sky RAIN = new Sky(new Color(0x41506B), new Color(0x66788F));

    static Sky of(String weather) {
        return switch (weather) {
            case "晴" -> CLEAR;
            case "多云", "阴" -> CLOUDY;
            default -> RAIN;
        };
    }
}
