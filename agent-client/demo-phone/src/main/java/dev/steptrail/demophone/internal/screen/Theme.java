package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.TextStyle;
import dev.steptrail.demophone.internal.draw.Weight;
import java.awt.Color;

/** The colors and text styles that the screens share. */
final class Theme {
    static final Color GROUND = new Color(0xF2F4F8);
    static final Color CARD = Color.WHITE;
    static final Color INK = new Color(0x1A1D26);
    static final Color MUTED = new Color(0x858C9B);
    static final Color HAIRLINE = new Color(0xE6E9F0);
    static final Color ACCENT = new Color(0x2F6BFF);
    static final Color TRACK = new Color(0xDDE3EE);

    static final TextStyle HEADLINE = new TextStyle(78, Weight.BOLD, INK);
    static final TextStyle TITLE = new TextStyle(52, Weight.BOLD, INK);
    static final TextStyle BODY = new TextStyle(46, Weight.REGULAR, INK);
    static final TextStyle DETAIL = new TextStyle(38, Weight.REGULAR, MUTED);
    static final TextStyle LABEL = new TextStyle(36, Weight.REGULAR, Color.WHITE);

    /** Left and right of a card. */
    static final int MARGIN = 48;

    static final int CARD_WIDTH = Screen.WIDTH - 2 * MARGIN;

    private Theme() {}
}
