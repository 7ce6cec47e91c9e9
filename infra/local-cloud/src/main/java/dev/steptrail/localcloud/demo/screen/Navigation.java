package dev.steptrail.localcloud.demo.screen;

/** How a screen leads to others. */
public interface Navigation {
    void open(Screen screen);

    /** To the screen from which this one was opened. */
    void back();
}
