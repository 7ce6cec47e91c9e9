package dev.steptrail.demophone.screen;

/** Navigation between screens. */
public interface Navigation {
    void open(Screen screen);

    /** Returns to the screen that opened this one. */
    void back();
}
