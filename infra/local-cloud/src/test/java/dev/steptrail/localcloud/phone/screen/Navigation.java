package dev.steptrail.localcloud.phone.screen;

/** How a screen leads to others. */
public interface Navigation {
    void open(Screen screen);

    /** To the screen from which this one was opened. */
    void back();
}
